import type { z } from 'zod';
import type { PurgePlan, purgePlanInput, Warning } from '@/lib/contract/plans';
import type { Failure } from '@/lib/contract/primitives';
import { brokersOf, failureOf, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { readEdge } from '../dead-letters/edge-times';
import { countOf, STATES_OF } from '../dead-letters/ledger-words';
import { perBrokerOf } from '../dead-letters/list-messages';
import type { LetterQueue } from '../dead-letters/queues';
import { readLetterQueues } from '../dead-letters/queues';
import { readLedger } from '../dead-letters/read-ledger';
import { requireGroupOrLetters } from '../groups/find';
import type { PlanDraft } from '../jobs/job-spec';
import { readBounds } from '../messages/read-queue';
import { writeQueuesOf } from '../redrive/cluster-facts';
import { DLQ_PREFIX } from '../snapshot/system-names';

export interface PurgeFrozen {
  queues: LetterQueue[];
  /** Masters to delete on; a slave follows its master and is never asked. */
  brokers: string[];
  /** Masters that are known and did not answer, or that the ledger has letters of and the cluster forgot. */
  unreachable: string[];
  nameServers: string[];
}

/** Letters of each queue that a plan reads itself; those that are not read yet count as open. */
const READ_AT_ONCE = 512;

/** What a purge would remove. RocketMQ has no smaller unit than the whole dead-letter topic (safety §5.6). */
export async function planPurge(
  ctx: Ctx,
  { group }: z.output<typeof purgePlanInput>,
): Promise<{ plan: PlanDraft<PurgePlan>; frozen: PurgeFrozen }> {
  await requireGroupOrLetters(ctx, group);
  const topic = DLQ_PREFIX + group;
  const [{ brokers }, { queues: known, failures: silent }] = await Promise.all([
    brokersOf(ctx),
    readLetterQueues(ctx, group),
  ]);
  const groupId = await ctx.store.letters.groupId(ctx.cluster, group);
  const absent = (await ctx.store.letters.spans(groupId))
    .map(({ broker }) => broker)
    .filter((broker) => !brokers.includes(broker));
  const unreachable = [...new Set([...silent.map(({ broker }) => broker), ...absent])];
  const reachable = brokers.filter((broker) => !unreachable.includes(broker));
  const queues = [...known, ...(await withoutTopic(ctx, topic, reachable, known))];
  const count = queues.reduce((sum, { minOffset, maxOffset }) => sum + maxOffset - minOffset, 0);
  const edges = await readEdges(ctx, group, queues);
  const failures = oneEach([...silent, ...edges.failures]);
  await readLedger(ctx, group, queues, READ_AT_ONCE);
  const states = await ctx.store.letters.countsByState(groupId, unreachable);
  const open = Math.max(0, count - countOf(states, STATES_OF.handled) - countOf(states, STATES_OF.redriven));
  const holding = await holdersOf(ctx, topic, reachable, queues);
  const nameServers = [...ctx.client.nameServers];

  const plan: PlanDraft<PurgePlan> = {
    kind: 'purge',
    group,
    topic,
    count,
    open,
    perBroker: [
      ...perBrokerOf(queues).map((each) => ({ ...each, reachable: true })),
      ...unreachable.map((broker) => ({ broker, minOffset: 0, maxOffset: 0, reachable: false })),
    ],
    nameServers,
    oldestAt: edges.oldestAt,
    newestAt: edges.newestAt,
    confirm: `purge ${count}`,
    warnings: warningsOf({ group, open, count, unreachable, resurrected: holding.resurrected }),
    refused:
      holding.brokers.length === 0 && unreachable.length === 0 ? { key: 'nothing_to_purge', params: { group } } : null,
    cluster: ctx.cluster,
    asOf: ctx.now(),
    failures,
  };
  return { plan, frozen: { queues, brokers: holding.brokers, unreachable, nameServers } };
}

/** Queues that a crash has brought back without their topic, which nobody lists until the next letter creates it. */
async function withoutTopic(
  ctx: Ctx,
  topic: string,
  brokers: readonly string[],
  known: readonly LetterQueue[],
): Promise<LetterQueue[]> {
  const others = brokers.filter((broker) => !known.some((queue) => queue.broker === broker));
  const bounds = await Promise.all(
    others.map(async (broker) => ({ broker, queueId: 0, ...(await readBounds(ctx, { broker, topic, queueId: 0 })) })),
  );
  return bounds.filter(({ minOffset, maxOffset }) => maxOffset > minOffset);
}

/** Masters that have the topic, or letters of it: after a crash they come back without it (broker-facts 2.3). */
async function holdersOf(ctx: Ctx, topic: string, brokers: readonly string[], queues: readonly LetterQueue[]) {
  const holding: string[] = [];
  const resurrected: string[] = [];
  for (const broker of brokers) {
    const hasLetters = queues.some((queue) => queue.broker === broker && queue.maxOffset > 0);
    // Perm 2 of an old dead-letter topic takes writes too, perm 4 of a locked one none: letters count either way.
    const hasTopic = (await writeQueuesOf(ctx, broker, topic)) > 0;
    if (hasTopic || hasLetters) holding.push(broker);
    if (hasLetters && !hasTopic) resurrected.push(broker);
  }
  return { brokers: holding, resurrected };
}

async function readEdges(ctx: Ctx, group: string, queues: readonly LetterQueue[]) {
  const failures: Failure[] = [];
  let oldestAt: number | null = null;
  let newestAt: number | null = null;
  await Promise.all(
    queues.map(async (queue) => {
      try {
        const [oldest, newest] = await Promise.all([
          readEdge(ctx, group, queue, 'oldest'),
          readEdge(ctx, group, queue, 'newest'),
        ]);
        if (oldest) oldestAt = Math.min(oldestAt ?? oldest.storedAt, oldest.storedAt);
        if (newest) newestAt = Math.max(newestAt ?? newest.storedAt, newest.storedAt);
      } catch (error) {
        failures.push(failureOf(queue.broker, error));
      }
    }),
  );
  return { failures, oldestAt, newestAt };
}

function warningsOf(facts: {
  group: string;
  open: number;
  count: number;
  unreachable: string[];
  resurrected: string[];
}): Warning[] {
  const { group, open, count, unreachable, resurrected } = facts;
  const warnings: Warning[] = [];
  const add = (severity: Warning['severity'], key: string, params: Warning['params'] = {}) =>
    warnings.push({ severity, key, params });
  if (open > 0) add('critical', 'open_letters', { open, count });
  if (unreachable.length > 0) add('critical', 'unreachable', { brokers: unreachable.join(', ') });
  if (resurrected.length > 0) add('warning', 'resurrected', { brokers: resurrected.join(', ') });
  add('warning', 'crash_brings_back', { group });
  add('warning', 'race_window');
  add('note', 'not_an_erasure');
  return warnings;
}
