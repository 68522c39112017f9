import type { RedrivePlan } from '@/lib/contract/plans';
import type { Failure } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import { forgetReplaced } from '../dead-letters/forget-replaced';
import { openLedger } from '../dead-letters/open-ledger';
import { readLetterQueues } from '../dead-letters/queues';
import { DomainError } from '../errors';
import type { PlanDraft } from '../jobs/job-spec';
import { reasonAgainst } from './choose-by-condition';
import type { FrozenCondition, FrozenLetter, RedriveFrozen } from './input';
import { receiversOf } from './receivers';
import { stillThere } from './still-there';
import type { Holders } from './targets';

/**
 * Stale when the dead-letter queue began again, or when other groups would receive the copies (safety §5.9). Letters that
 * expired meanwhile are no staleness: they are counted.
 */
export async function recheckRedrive(
  ctx: Ctx,
  { group, target, receivers, destinations }: PlanDraft<RedrivePlan>,
  { letters, condition }: RedriveFrozen,
): Promise<void> {
  if (condition) await recheckCondition(ctx, group, target, condition);
  else await recheckLetters(ctx, group, letters);
  if (target === 'group') return;
  const now = await receiversOf(
    ctx,
    condition ? holdersOf(condition) : holdersAmong(letters),
    new Map(destinations.map(({ topic, count }) => [topic, count])),
  );
  const namesOf = (list: readonly { group: string }[]) => new Set(list.map((receiver) => receiver.group));
  const [planned, present] = [namesOf(receivers), namesOf(now.receivers)];
  const added = [...present].filter((name) => !planned.has(name));
  if (added.length > 0) throw new DomainError('PLAN_STALE', 'receivers_changed', { added: added.join(', ') });
  const gone = [...planned].filter((name) => !present.has(name));
  if (gone.length > 0) throw new DomainError('PLAN_STALE', 'receivers_gone', { gone: gone.join(', ') });
}

async function recheckLetters(ctx: Ctx, group: string, letters: readonly FrozenLetter[]): Promise<void> {
  const { queues, failures } = await readLetterQueues(ctx, group);
  const needed = failures.filter(({ broker }) =>
    letters.some((letter) => letter.broker === broker || letter.to.broker === broker),
  );
  if (needed.length > 0) throw unreachable(needed);
  const presence = await stillThere(ctx, group, queues, letters);
  const moved = letters.filter((letter) => presence(letter) === 'other');
  if (moved.length > 0) throw new DomainError('PLAN_STALE', 'letters_replaced', { group, count: moved.length });
}

/** As many as were planned, or the selection is another one. */
async function recheckCondition(
  ctx: Ctx,
  group: string,
  target: RedrivePlan['target'],
  condition: FrozenCondition,
): Promise<void> {
  const { queues, failures } = await openLedger(ctx, group);
  const silent = failures.filter(({ broker }) => condition.brokers.includes(broker));
  if (silent.length > 0) throw unreachable(silent);
  const again = await forgetReplaced(ctx, group, condition.groupId, queues);
  if (again.length > 0) throw new DomainError('PLAN_STALE', 'letters_replaced', { group, count: condition.count });
  const needsOrigin = target !== 'topic';
  const { counts, gone } = ctx.store.selections;
  const expired = await gone({ ...condition, needsOrigin });
  // Only what lies before the queue's beginning can have expired.
  const replaced = expired.filter(({ broker, queueId, lastOffset }) => {
    const queue = queues.find((each) => each.broker === broker && each.queueId === queueId);
    return !queue || lastOffset >= queue.minOffset;
  });
  if (replaced.length > 0) throw new DomainError('PLAN_STALE', 'letters_replaced', { group, count: sumOf(replaced) });
  const sent = (await counts({ ...condition, needsOrigin })).filter(
    (each) => reasonAgainst(each, needsOrigin) === null,
  );
  const now = sumOf(sent) + sumOf(expired);
  if (now !== condition.count)
    throw new DomainError('PLAN_STALE', 'letters_changed', { group, planned: condition.count, now });
}

const sumOf = (rows: readonly { count: number }[]) => rows.reduce((sum, { count }) => sum + count, 0);

const unreachable = (failures: readonly Failure[]) =>
  new DomainError('UNAVAILABLE', 'brokers_unreachable', { brokers: failures.map(({ broker }) => broker).join(', ') });

const holdersOf = ({ holders }: FrozenCondition): Holders =>
  new Map(Object.entries(holders).map(([topic, held]) => [topic, new Map(Object.entries(held))]));

function holdersAmong(letters: readonly FrozenLetter[]): Holders {
  const holders: Holders = new Map();
  for (const { to } of letters) holders.set(to.topic, (holders.get(to.topic) ?? new Map()).set(to.broker, 1));
  return holders;
}
