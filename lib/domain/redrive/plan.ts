import type { RedrivePlan, RedrivePlanInput, RedriveTarget } from '@/lib/contract/plans';
import { BRAKE, CANARY_STAGES } from '@/lib/contract/words';
import { askBrokers, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import type { PlanDraft } from '../jobs/job-spec';
import { keysOf, sourceUniqKey, uniqKeyOf } from '../messages/row';
import { copiesInTarget, earlierInJournal } from './already';
import { type LiveMembers, liveMembers } from './cluster-facts';
import { type Aim, aimOf, holderFor, queueFor } from './destination';
import type { FrozenLetter, RedriveFrozen } from './input';
import { keepsIndex, POP_INVISIBLE_MS } from './judge';
import { messageTypeOf, refusalOfTopic } from './other-topic';
import { fitsIn, redriveProperties } from './properties';
import { receiversOf } from './receivers';
import { type Letter, letterId, placeOf, readSelection } from './selection';
import { findHolders, type Holders, type Refusal } from './targets';
import { warningsOf } from './warnings';

type Skipped = RedrivePlan['skipped'][number];
export interface Aimed {
  letter: Letter;
  aim: Aim;
}

/** Above this many, or to any other target than the group itself, the group's name is typed (safety §5.9). */
const CLICK_LIMIT = 100;
const SAMPLES = 3;
const USUAL_RATE = 20;
/** A POP copy is known to be consumed only so long after its delivery. */
const POP_WAIT_MS = POP_INVISIBLE_MS + 30_000;

/** What a redrive would send, to whom, and what it leaves out. Sends nothing. */
export async function planRedrive(
  ctx: Ctx,
  input: RedrivePlanInput,
): Promise<{ plan: PlanDraft<RedrivePlan>; frozen: RedriveFrozen }> {
  const { group, select, target } = input;
  const { maxRate } = ctx;
  const rate = input.rate ?? Math.min(USUAL_RATE, maxRate);
  if (rate > maxRate) throw new DomainError('INVALID', 'rate_over_max', { rate, max: maxRate });
  const [selected, members] = await Promise.all([readSelection(ctx, group, select), liveMembers(ctx, group)]);
  const skipped: Skipped[] = selected.gone.map((id) => ({ id, reason: 'expired', jobId: null }));
  const isPopGroup = ctx.snapshot()?.groups.get(group)?.mode === 'POP';
  const journal = await earlierInJournal(ctx.store, ctx.cluster, group, selected.letters.map(sourceOf));

  const aimed: Aimed[] = [];
  const seen = new Set<string>();
  for (const letter of selected.letters) {
    const uniqKey = sourceUniqKey(letter.record);
    const earlier = journal.get(letterId(letter));
    const aim = aimOf(letter, group, target, isPopGroup);
    const isOlder = uniqKey !== '' && seen.has(uniqKey);
    if (uniqKey !== '') seen.add(uniqKey);
    if (isOlder) skipped.push(skip(letter, 'older_copy'));
    else if (earlier) skipped.push({ id: letterId(letter), ...earlier });
    else if (!aim) skipped.push(skip(letter, 'no_origin_topic'));
    else if (letter.record.storedBody.length === 0) skipped.push(skip(letter, 'empty_body'));
    else if (!fitsIn(sampleOf(letter, aim, group).properties)) skipped.push(skip(letter, 'properties_too_large'));
    else aimed.push({ letter, aim });
  }

  const unfit = target.kind === 'topic' ? refusalOfTopic(ctx, target.topic) : null;
  const { holders, refused, failed } = unfit
    ? { holders: new Map(), refused: unfit, failed: [] }
    : await findHolders(
        ctx,
        group,
        aimed.map(({ aim }) => aim),
      );
  const placed = aimed.flatMap((each, index) => placeCopy(each, index, holders));
  const copies = refused
    ? null
    : await copiesInTarget(
        ctx,
        placed.map(({ letter, to }) => ({ letter, ...to })),
      );
  const sent = placed.filter(({ letter }) => {
    const isCopied = copies?.ids.has(letterId(letter)) ?? false;
    if (isCopied) skipped.push(skip(letter, 'already_redriven'));
    return !isCopied;
  });

  const counts = countBy(sent.map(({ to }) => to.topic));
  const reached =
    target.kind !== 'group' && !refused
      ? await receiversOf(ctx, holders, counts)
      : { receivers: [{ group, count: sent.length, online: onlineOf(members) }], failures: [] };
  const judged = target.kind !== 'topic' || reached.receivers.some((receiver) => receiver.group === group);
  const failures = oneEach([...selected.failures, ...failed, ...members.failures, ...reached.failures]);
  // A broker that does not answer may hold letters, targets or receivers (F05). Sent to the group alone, copies concern
  // only the brokers they come from and go to.
  const used = new Set(sent.flatMap(({ letter, to }) => [letter.broker, to.broker]));
  const isNeeded = (broker: string) =>
    target.kind !== 'group' || used.has(broker) || selected.failures.some((failure) => failure.broker === broker);
  const missing = failures.map(({ broker }) => broker).filter(isNeeded);
  const unreachable: Refusal | null =
    missing.length > 0 ? { key: 'brokers_unreachable', params: { brokers: missing.join(', ') } } : null;
  const nothing: Refusal | null =
    sent.length === 0 ? { key: 'nothing_to_send', params: { skipped: skipped.length } } : null;

  const plan: PlanDraft<RedrivePlan> = {
    kind: 'redrive',
    group,
    target: target.kind,
    judged,
    count: sent.length,
    bytes: sent.reduce((sum, { letter }) => sum + letter.record.storedBody.length, 0),
    rate,
    maxRate,
    canary: input.canary ? canaryOf(input.canary.waitMs, isPopGroup, sent) : null,
    brake: { ...BRAKE, lagLimit: input.lagLimit ?? null },
    destinations: [...counts].map(([topic, count]) => ({ topic, count })),
    receivers: reached.receivers,
    skipped,
    sample: sent.slice(0, SAMPLES).map(({ letter, aim }) => {
      const { dropped, set } = sampleOf(letter, aim, group);
      return {
        id: letterId(letter),
        uniqKey: uniqKeyOf(letter.record),
        keys: keysOf(letter.record),
        topic: aim.topic,
        dropped,
        set,
      };
    }),
    confirm: target.kind === 'group' && sent.length <= CLICK_LIMIT ? null : group,
    warnings: warningsOf(ctx, {
      group,
      target,
      type: target.kind === 'topic' && !refused ? await messageTypeOf(ctx, holders, target.topic) : null,
      sent,
      judged,
      members,
      isMarkersComplete: copies?.isComplete ?? true,
      receivers: reached.receivers,
      input,
      blind: judged ? await blindBrokers(ctx, sent) : [],
    }),
    refused:
      unreachable ??
      refusalOfMembers(target, members, sent, group) ??
      refused ??
      nothing ??
      refusalOfCanary(input, judged),
    cluster: ctx.cluster,
    asOf: ctx.now(),
    failures,
  };
  // Oldest first: what belongs together keeps its order.
  return { plan, frozen: { letters: sent.map(frozenLetter).reverse() } };
}

interface Placed extends Aimed {
  to: FrozenLetter['to'];
}

function placeCopy({ letter, aim }: Aimed, index: number, holders: Holders): Placed[] {
  const held = holders.get(aim.topic);
  const broker = holderFor([...(held?.keys() ?? [])], letter.broker);
  if (!held || broker === undefined) return [];
  return [{ letter, aim, to: { topic: aim.topic, broker, queueId: queueFor(letter, index, held.get(broker) ?? 1) } }];
}

const skip = (letter: Letter, reason: string): Skipped => ({ id: letterId(letter), reason, jobId: null });

export const sourceOf = (letter: Letter) => ({ ...placeOf(letter), uniqKey: sourceUniqKey(letter.record) });

function sampleOf(letter: Letter, { destination, originTopic }: Aim, group: string) {
  // The operation has no id yet; 26 characters stand for it.
  const marker = { operationId: '0'.repeat(26), n: 999, k: 99, source: letterId(letter) };
  return redriveProperties(letter.record.properties, { destination, group, originTopic, marker });
}

const frozenLetter = ({ letter, aim, to }: Placed): FrozenLetter => ({
  ...sourceOf(letter),
  msgId: letter.record.offsetMessageId,
  storedAt: letter.record.storedAt,
  originTopic: aim.originTopic,
  destination: aim.destination,
  to,
});

/** Brokers that keep no index of messages, or do not say whether they do: what becomes of a copy cannot be seen there. */
async function blindBrokers(ctx: Ctx, sent: readonly Placed[]): Promise<string[]> {
  const brokers = [...new Set(sent.map(({ to }) => to.broker))].sort();
  const { items } = await askBrokers(brokers, (broker) => keepsIndex(ctx, broker));
  const seeing = new Set(items.filter(({ value }) => value).map(({ broker }) => broker));
  return brokers.filter((broker) => !seeing.has(broker));
}

const canaryOf = (waitMs: number, isPopGroup: boolean, sent: readonly Aimed[]): RedrivePlan['canary'] => ({
  stages: [...CANARY_STAGES],
  waitMs: isPopGroup || sent.some(({ aim }) => aim.destination === 'pop') ? Math.max(waitMs, POP_WAIT_MS) : waitMs,
});

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const onlineOf = ({ online }: LiveMembers): boolean | null => (online === null ? null : online > 0);

/** A broker sends retries of a group that holds queue locks straight to its dead letters again (F31). */
function refusalOfMembers(
  target: RedriveTarget,
  members: LiveMembers,
  sent: readonly Aimed[],
  group: string,
): Refusal | null {
  if (target.kind !== 'group' || !sent.some(({ aim }) => aim.destination === 'retry')) return null;
  if (members.isBroadcast) return { key: 'broadcast', params: { group } };
  if ((members.orderly ?? 0) > 0) return { key: 'orderly', params: { group, clients: members.orderly ?? 0 } };
  return null;
}

/** A canary waits until its copies are consumed; nobody can tell that of a group that does not receive them. */
const refusalOfCanary = ({ canary, group, target }: RedrivePlanInput, judged: boolean): Refusal | null =>
  canary && !judged && target.kind === 'topic'
    ? { key: 'canary_unjudged', params: { group, topic: target.topic } }
    : null;
