import type { RunOncePlan, RunOncePlanInput } from '@/lib/contract/plans';
import { GET_CONSUMER_CONNECTION_LIST } from '@/lib/rocketmq/requests/get-consumer-connection-list';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { readLetterQueues } from '../dead-letters/queues';
import { DomainError } from '../errors';
import { defineJob, type PlanDraft } from '../jobs/job-spec';
import { mutation } from '../mutation';
import { stillThere } from '../redrive/still-there';
import { DLQ_PREFIX } from '../snapshot/system-names';
import type { RunOnceInput } from './input';
import { planRunOnce } from './plan';
import { runOnce, tellRun } from './run';

const RUN_ONCE = mutation<RunOnceInput>({
  name: 'dead-letters.run-once',
  kind: 'run-once',
  permission: 'dead-letter:redrive',
  resource: ({ group }) => ({ type: 'group', name: group, group: null, topic: DLQ_PREFIX + group }),
  run: runOnce,
  resume: tellRun,
});

/** Stale when the letter is gone, or when the client is (safety §5.9). */
async function recheck(ctx: Ctx, { group }: PlanDraft<RunOncePlan>, frozen: RunOnceInput | null): Promise<void> {
  if (!frozen) return;
  const { letter, clientId } = frozen;
  const { broker } = letter;
  const { queues, failures } = await readLetterQueues(ctx, group);
  if (failures.some((failure) => failure.broker === broker))
    throw new DomainError('UNAVAILABLE', 'brokers_unreachable', { brokers: broker });
  if ((await stillThere(ctx, group, queues, [letter]))(letter) !== 'there')
    throw new DomainError('PLAN_STALE', 'letter_gone', { group });
  const connected = await ctx.client.call(
    GET_CONSUMER_CONNECTION_LIST,
    { consumerGroup: group },
    { broker, brokerId: 0, ...within(ctx) },
  );
  if (!connected?.connections.some((each) => each.clientId === clientId))
    throw new DomainError('PLAN_STALE', 'client_left', { client: clientId, broker });
}

/**
 * One letter handed to one connected client, which really runs its listener on it: a diagnostic. No offset moves, nothing is
 * retried and the letter stays. It locks no group, and what came of it is told again from the journal for ever.
 */
export const RUN_ONCE_JOB = defineJob<RunOncePlanInput, RunOncePlan, RunOnceInput | null, RunOnceInput>({
  kind: 'run-once',
  mutation: RUN_ONCE,
  locksGroup: false,
  canPause: false,
  canCancel: false,
  makePlan: planRunOnce,
  recheck,
  toInput: (_, frozen) => {
    if (!frozen) throw new Error('A refused plan is not started.');
    return frozen;
  },
});
