import type { RedrivePlan } from '@/lib/contract/plans';
import type { Ctx } from '../ctx';
import { readLetterQueues } from '../dead-letters/queues';
import { DomainError } from '../errors';
import type { PlanDraft } from '../jobs/job-spec';
import type { RedriveFrozen } from './input';
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
  { letters }: RedriveFrozen,
): Promise<void> {
  const { queues, failures } = await readLetterQueues(ctx, group);
  const needed = failures.filter(({ broker }) =>
    letters.some((letter) => letter.broker === broker || letter.to.broker === broker),
  );
  if (needed.length > 0) {
    throw new DomainError('UNAVAILABLE', 'brokers_unreachable', {
      brokers: needed.map(({ broker }) => broker).join(', '),
    });
  }
  const presence = await stillThere(ctx, group, queues, letters);
  const moved = letters.filter((letter) => presence(letter) === 'other');
  if (moved.length > 0) throw new DomainError('PLAN_STALE', 'letters_replaced', { group, count: moved.length });

  if (target === 'group') return;
  const holders: Holders = new Map();
  for (const { to } of letters) holders.set(to.topic, (holders.get(to.topic) ?? new Map()).set(to.broker, 1));
  const now = await receiversOf(ctx, holders, new Map(destinations.map(({ topic, count }) => [topic, count])));
  const namesOf = (list: readonly { group: string }[]) => new Set(list.map((receiver) => receiver.group));
  const [planned, present] = [namesOf(receivers), namesOf(now.receivers)];
  const added = [...present].filter((name) => !planned.has(name));
  if (added.length > 0) throw new DomainError('PLAN_STALE', 'receivers_changed', { added: added.join(', ') });
  const gone = [...planned].filter((name) => !present.has(name));
  if (gone.length > 0) throw new DomainError('PLAN_STALE', 'receivers_gone', { gone: gone.join(', ') });
}
