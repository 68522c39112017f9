import type { RunOncePlan, RunOncePlanInput, Warning } from '@/lib/contract/plans';
import { GET_ALL_SUBSCRIPTIONGROUP_CONFIG } from '@/lib/rocketmq/requests/get-all-subscriptiongroup-config';
import { oneEach, within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import type { PlanDraft } from '../jobs/job-spec';
import { rowOf, sourceUniqKey } from '../messages/row';
import { type Letter, letterId, placeOf, readSelection } from '../redrive/selection';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { type RunClient, runClients } from './clients';
import type { RunOnceInput } from './input';
import { ledgerLetter } from './ledger-letter';
import { listRuns } from './list-runs';
import { sourceOf } from './source';

type Draft = PlanDraft<RunOncePlan>;

/** Who could run this letter, and what the one chosen would get. Runs nothing. */
export async function planRunOnce(
  ctx: Ctx,
  input: RunOncePlanInput,
): Promise<{ plan: Draft; frozen: RunOnceInput | null }> {
  const { group, id } = input;
  const selected = await readSelection(ctx, group, { ids: [id] });
  const [letter] = selected.letters;
  const base = { kind: 'run-once', group, id, confirm: null, cluster: ctx.cluster } as const;
  if (!letter) {
    const [silent] = selected.failures;
    const refused: Draft['refused'] = silent
      ? { key: 'broker_unreachable', params: { broker: silent.broker } }
      : { key: 'letter_gone', params: {} };
    const nothing = { clientId: null, clients: [], topicSeen: DLQ_PREFIX + group, warnings: [] };
    return { plan: { ...base, ...nothing, refused, asOf: ctx.now(), failures: selected.failures }, frozen: null };
  }
  const { broker, record } = letter;
  const [{ clients, failures }, source, isKnownGroup, written, runs] = await Promise.all([
    runClients(ctx, group, broker),
    sourceOf(ctx, letter, group),
    isConfigured(ctx, group, broker),
    ledgerLetter(ctx, group, placeOf(letter)),
    listRuns(ctx, { group, id }),
  ]);
  const state = written?.state ?? 'dead';
  const row = rowOf(broker, record, group);
  const able = clients.filter(({ cannot }) => cannot === null);
  const wanted = input.clientId ?? (able.length === 1 ? able[0]?.clientId : undefined);
  const chosen = able.find(({ clientId }) => clientId === wanted);
  const isSilent = failures.some((failure) => failure.broker === broker);
  const plan: Draft = {
    ...base,
    clientId: chosen?.clientId ?? null,
    clients: clients.map(({ isSilent: _, ...client }) => client),
    topicSeen: source.topic,
    warnings: chosen ? warningsOf(chosen, { state, topicSeen: source.topic, runs: runs.items.length }) : [],
    refused: !isKnownGroup
      ? { key: 'group_missing', params: { group, broker } }
      : chosen
        ? null
        : isSilent
          ? { key: 'broker_unreachable', params: { broker } }
          : refusalOf(ctx, group, clients, able, input.clientId),
    asOf: ctx.now(),
    failures: oneEach([...selected.failures, ...failures]),
  };
  const frozen: RunOnceInput | null = chosen
    ? {
        group,
        letter: {
          id: letterId(letter),
          ...placeOf(letter),
          uniqKey: sourceUniqKey(record),
          originTopic: row.originTopic,
          tag: row.tag,
          cause: row.cause,
        },
        clientId: chosen.clientId,
        messageId: source.offsetMessageId,
        topicSeen: source.topic,
      }
    : null;
  return { plan, frozen };
}

/** The request would create a group that the broker does not know. */
async function isConfigured(ctx: Ctx, group: string, broker: Letter['broker']): Promise<boolean> {
  const { groups } = await ctx.client.call(GET_ALL_SUBSCRIPTIONGROUP_CONFIG, undefined, { broker, ...within(ctx) });
  return groups.some(({ groupName }) => groupName === group);
}

function refusalOf(
  ctx: Ctx,
  group: string,
  clients: readonly RunClient[],
  able: readonly RunClient[],
  asked: string | undefined,
): Draft['refused'] {
  if (clients.length === 0) {
    // Clients of a Proxy in cluster mode are listed by no broker.
    const isPop = ctx.snapshot()?.groups.get(group)?.mode === 'POP';
    return { key: isPop ? 'behind_proxy' : 'nobody_online', params: { group } };
  }
  if (asked !== undefined && !clients.some(({ clientId }) => clientId === asked))
    return { key: 'client_left', params: { client: asked } };
  if (able.length === 0) return { key: 'none_can', params: { group, count: clients.length } };
  if (asked !== undefined) return { key: 'client_cannot', params: { client: asked } };
  return { key: 'choose_client', params: { count: able.length } };
}

function warningsOf(
  { clientId: client, orderly, language, isSilent }: RunClient,
  { state, topicSeen, runs }: { state: string; topicSeen: string; runs: number },
): Warning[] {
  const warnings: Warning[] = [{ key: 'really_runs', severity: 'warning', params: { client } }];
  const add = (severity: Warning['severity'], key: string, params: Warning['params'] = {}) =>
    warnings.push({ key, severity, params });
  if (['redriving', 'redriven', 'consumed', 'unknown', 'handled'].includes(state)) add('warning', `already_${state}`);
  if (orderly) add('warning', 'orderly', { client });
  if (isSilent) add('warning', 'silent_client', { client });
  if (topicSeen.startsWith(DLQ_PREFIX)) add('warning', 'sees_dlq_topic', { topic: topicSeen });
  if (language !== 'JAVA') add('note', 'other_sdk', { language });
  if (runs > 0) add('note', 'ran_before', { count: runs });
  return warnings;
}
