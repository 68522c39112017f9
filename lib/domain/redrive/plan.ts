import type { RedrivePlan, RedrivePlanInput, RedriveTarget } from '@/lib/contract/plans';
import { BRAKE, CANARY_STAGES } from '@/lib/contract/words';
import { askBrokers, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import type { PlanDraft } from '../jobs/job-spec';
import { hiddenFromCopies } from '../masking/hidden';
import { masking, shownByCopies } from '../masking/mask';
import { keysOf, uniqKeyOf } from '../messages/row';
import type { Choice } from './choice';
import { chooseByCondition, conditionOf } from './choose-by-condition';
import { chooseListed } from './choose-listed';
import { type LiveMembers, liveMembers } from './cluster-facts';
import type { RedriveFrozen } from './input';
import { keepsIndex, POP_INVISIBLE_MS } from './judge';
import { messageTypeOf } from './other-topic';
import { receiversOf } from './receivers';
import { sampleOf } from './sample';
import { letterId } from './selection';
import type { Refusal } from './targets';
import { warningsOf } from './warnings';

/** Above this many, or to any other target than the group itself, the group's name is typed (safety §5.9). */
const CLICK_LIMIT = 100;
const USUAL_RATE = 20;
/** A POP copy is known to be consumed only so long after its delivery. */
const POP_WAIT_MS = POP_INVISIBLE_MS + 30_000;

/**
 * What a redrive would send, to whom, and what it leaves out. Sends nothing. FORBIDDEN to a topic where the actor would
 * see what is hidden from him in the letters.
 */
export async function planRedrive(
  ctx: Ctx,
  input: RedrivePlanInput,
): Promise<{ plan: PlanDraft<RedrivePlan>; frozen: RedriveFrozen }> {
  const { group, target } = input;
  const { maxRate } = ctx;
  const rate = input.rate ?? Math.min(USUAL_RATE, maxRate);
  if (rate > maxRate) throw new DomainError('INVALID', 'rate_over_max', { rate, max: maxRate });
  const isPopGroup = ctx.snapshot()?.groups.get(group)?.mode === 'POP';
  const [choice, members] = await Promise.all([choose(ctx, input, isPopGroup), liveMembers(ctx, group)]);
  const { count, counts, skipped, holders, refused } = choice;
  if (target.kind === 'topic') requireHiddenThere(ctx, group, target.topic, choice);
  const maskOf = masking(ctx, { group });

  const reached =
    target.kind !== 'group' && !refused
      ? await receiversOf(ctx, holders, counts)
      : { receivers: [{ group, count, online: onlineOf(members) }], failures: [] };
  const judged = target.kind !== 'topic' || reached.receivers.some((receiver) => receiver.group === group);
  const failures = oneEach([...choice.silent, ...choice.failures, ...members.failures, ...reached.failures]);
  // A broker that does not answer may hold letters, targets or receivers (F05). Sent to the group alone, copies concern
  // only the brokers they come from and go to.
  const isNeeded = (broker: string) =>
    target.kind !== 'group' ||
    choice.sources.has(broker) ||
    choice.targets.has(broker) ||
    choice.silent.some((failure) => failure.broker === broker);
  const missing = failures.map(({ broker }) => broker).filter(isNeeded);
  const unreachable: Refusal | null =
    missing.length > 0 ? { key: 'brokers_unreachable', params: { brokers: missing.join(', ') } } : null;
  const nothing: Refusal | null =
    count === 0 ? { key: 'nothing_to_send', params: { skipped: countSkipped(skipped) } } : null;

  const plan: PlanDraft<RedrivePlan> = {
    kind: 'redrive',
    group,
    target: target.kind,
    judged,
    count,
    bytes: choice.bytes,
    rate,
    newIds: input.newIds ?? false,
    maxRate,
    canary: input.canary ? canaryOf(input.canary.waitMs, isPopGroup, choice) : null,
    brake: { ...BRAKE, lagLimit: input.lagLimit ?? null },
    destinations: [...counts].map(([topic, copies]) => ({ topic, count: copies })),
    receivers: reached.receivers,
    skipped,
    sample: choice.sample.map(({ letter, aim }) => {
      const { dropped, set } = sampleOf(letter, aim, group, input.newIds === true);
      return {
        id: letterId(letter),
        uniqKey: uniqKeyOf(letter.record),
        keys: maskOf(aim.originTopic)?.keys ? [] : keysOf(letter.record),
        topic: aim.topic,
        dropped,
        set,
      };
    }),
    confirm: target.kind === 'group' && count <= CLICK_LIMIT ? null : group,
    warnings: warningsOf(ctx, {
      group,
      target,
      type: target.kind === 'topic' && !refused ? await messageTypeOf(ctx, holders, target.topic) : null,
      choice,
      judged,
      members,
      receivers: reached.receivers,
      input,
      rate,
      blind: judged ? await blindBrokers(ctx, choice) : [],
    }),
    refused:
      unreachable ??
      refusalOfMembers(target, members, choice, group) ??
      refused ??
      nothing ??
      refusalOfCanary(input, judged),
    cluster: ctx.cluster,
    asOf: ctx.now(),
    failures,
  };
  return { plan, frozen: choice.frozen };
}

/** Letters by their own, or by what they have in common when they are too many for a list. */
async function choose(ctx: Ctx, input: RedrivePlanInput, isPopGroup: boolean): Promise<Choice> {
  const condition = await conditionOf(ctx, input, isPopGroup);
  return condition ? chooseByCondition(ctx, input, condition) : chooseListed(ctx, input, isPopGroup);
}

function requireHiddenThere(ctx: Ctx, group: string, topic: string, { aims }: Choice): void {
  const mask = shownByCopies(ctx, { group, topic, origins: aims.map(({ originTopic }) => originTopic) });
  if (mask) throw hiddenFromCopies(mask);
}

const countSkipped = (skipped: RedrivePlan['skipped']) => skipped.reduce((sum, { count }) => sum + (count ?? 1), 0);

/** Brokers that keep no index of messages, or do not say whether they do: what becomes of a copy cannot be seen there. */
async function blindBrokers(ctx: Ctx, { targets }: Choice): Promise<string[]> {
  const brokers = [...targets].sort();
  const { items } = await askBrokers(brokers, (broker) => keepsIndex(ctx, broker));
  const seeing = new Set(items.filter(({ value }) => value).map(({ broker }) => broker));
  return brokers.filter((broker) => !seeing.has(broker));
}

const canaryOf = (waitMs: number, isPopGroup: boolean, { aims }: Choice): RedrivePlan['canary'] => ({
  stages: [...CANARY_STAGES],
  waitMs: isPopGroup || aims.some(({ destination }) => destination === 'pop') ? Math.max(waitMs, POP_WAIT_MS) : waitMs,
});

const onlineOf = ({ online }: LiveMembers): boolean | null => (online === null ? null : online > 0);

/** A broker sends retries of a group that holds queue locks straight to its dead letters again (F31). */
function refusalOfMembers(
  target: RedriveTarget,
  members: LiveMembers,
  { aims }: Choice,
  group: string,
): Refusal | null {
  if (target.kind !== 'group' || !aims.some(({ destination }) => destination === 'retry')) return null;
  if (members.isBroadcast) return { key: 'broadcast', params: { group } };
  if ((members.orderly ?? 0) > 0) return { key: 'orderly', params: { group, clients: members.orderly ?? 0 } };
  return null;
}

/** A canary waits until its copies are consumed; nobody can tell that of a group that does not receive them. */
const refusalOfCanary = ({ canary, group, target }: RedrivePlanInput, judged: boolean): Refusal | null =>
  canary && !judged && target.kind === 'topic'
    ? { key: 'canary_unjudged', params: { group, topic: target.topic } }
    : null;
