import type { z } from 'zod';
import type { HandlePlan, handlePlanInput } from '@/lib/contract/plans';
import type { Watermark } from '@/lib/store/handled';
import type { SourceIdentity } from '@/lib/store/items';
import type { Ctx } from '../ctx';
import { readLetterQueues } from '../dead-letters/queues';
import { nothingToDo, partialWarning } from '../export/job';
import { requireGroupOrLetters } from '../groups/find';
import { defineJob, type PlanDraft } from '../jobs/job-spec';
import { sourceUniqKey } from '../messages/row';
import { mutation } from '../mutation';
import { letterId, placeOf, readSelection } from '../redrive/selection';

type Kind = 'handle' | 'reopen';
type Input = z.output<typeof handlePlanInput>;

export interface HandleInput {
  group: string;
  count: number;
  /** Single letters, or everything below an offset of each queue. */
  what: { letters: SourceIdentity[] } | { all: Watermark[] };
}

/**
 * Marks of the console's own, reversible: nothing on the cluster changes (safety §5.6). "All" is all as of the plan:
 * letters that die later are open.
 */
const markMutation = (kind: Kind) =>
  mutation<HandleInput>({
    name: `dead-letters.${kind}`,
    kind,
    permission: 'dead-letter:handle',
    resource: ({ group }) => ({ type: 'group', name: group, group: null }),
    run: async (ctx, operation) => {
      const { group, count, what } = operation.input;
      const mark = {
        cluster: ctx.cluster,
        group,
        operationId: operation.id,
        by: operation.createdByName,
        at: ctx.now(),
      };
      await ctx.store.transaction(async ({ handled }) => {
        if (kind === 'handle')
          return 'all' in what ? handled.markAll(mark, what.all) : handled.mark(mark, what.letters);
        return 'all' in what ? handled.reopenAll(mark) : handled.reopen(mark, what.letters);
      });
      return { state: 'DONE', counts: { [kind === 'handle' ? 'HANDLED' : 'REOPENED']: count } };
    },
  });

async function planMarks(
  ctx: Ctx,
  kind: Kind,
  input: Input,
): Promise<{ plan: PlanDraft<HandlePlan>; frozen: HandleInput['what'] }> {
  const { group, select } = input;
  const base = { kind, group, confirm: null, cluster: ctx.cluster, asOf: ctx.now() };
  const { plan, frozen } = await ('all' in select ? planAll(ctx, kind, group) : planSingle(ctx, kind, group, select));
  const { failures, count, skipped } = plan;
  return {
    plan: { ...base, count, skipped, failures, warnings: partialWarning(failures), refused: nothingToDo(count) },
    frozen,
  };
}

async function planSingle(ctx: Ctx, kind: Kind, group: string, select: Input['select']) {
  const { letters, gone, failures } = await readSelection(ctx, group, select);
  const marks = await ctx.store.handled.ofGroup(ctx.cluster, group);
  const skipped = gone.map((id) => ({ id, reason: 'expired' }));
  const wanted: SourceIdentity[] = [];
  for (const letter of letters) {
    const { physicalOffset: phyOffset, ...place } = placeOf(letter);
    const identity = { broker: letter.broker, phyOffset, uniqKey: sourceUniqKey(letter.record) };
    const mark = marks.find({ ...place, ...identity });
    const isBelowWatermark = marks.watermarks.some(
      ({ broker, queueId, belowOffset }) =>
        broker === place.broker && queueId === place.queueId && place.queueOffset < belowOffset,
    );
    if (kind === 'handle' && mark) skipped.push({ id: letterId(letter), reason: 'already_handled' });
    else if (kind === 'reopen' && !mark) skipped.push({ id: letterId(letter), reason: 'not_handled' });
    else if (kind === 'reopen' && isBelowWatermark) skipped.push({ id: letterId(letter), reason: 'handled_with_all' });
    else wanted.push(identity);
  }
  return { plan: { count: wanted.length, skipped, failures }, frozen: { letters: wanted } };
}

async function planAll(ctx: Ctx, kind: Kind, group: string) {
  await requireGroupOrLetters(ctx, group);
  const { queues, failures } = await readLetterQueues(ctx, group);
  const marks = await ctx.store.handled.ofGroup(ctx.cluster, group);
  const all = queues.map(({ broker, queueId, maxOffset }) => ({ broker, queueId, belowOffset: maxOffset }));
  const total = queues.reduce((sum, { minOffset, maxOffset }) => sum + maxOffset - minOffset, 0);
  const covered = queues.reduce((sum, { broker, queueId, minOffset, maxOffset }) => {
    const mark = marks.watermarks.find((each) => each.broker === broker && each.queueId === queueId);
    return sum + Math.max(0, Math.min(mark?.belowOffset ?? 0, maxOffset) - minOffset);
  }, 0);
  const count = kind === 'handle' ? total - covered : covered + marks.letters.length;
  return { plan: { count, skipped: [], failures }, frozen: { all } };
}

const markJob = (kind: Kind) =>
  defineJob<Input, HandlePlan, HandleInput['what'], HandleInput>({
    kind,
    mutation: markMutation(kind),
    locksGroup: false,
    canPause: false,
    canCancel: false,
    afterRestart: 'resume',
    makePlan: (ctx, input) => planMarks(ctx, kind, input),
    toInput: ({ group, count }, what) => ({ group, count, what }),
  });

export const HANDLE_JOB = markJob('handle');
export const REOPEN_JOB = markJob('reopen');
