import type { z } from 'zod';
import type { ExportPlan, exportPlanInput, Selection } from '@/lib/contract/plans';
import type { Failure } from '@/lib/contract/primitives';
import type { FrozenFilter } from '@/lib/store/handled-by-filter';
import type { Ctx } from '../ctx';
import { forgetReplaced } from '../dead-letters/forget-replaced';
import { storedFilter } from '../dead-letters/ledger-words';
import { openLedger } from '../dead-letters/open-ledger';
import { readLetterQueues } from '../dead-letters/queues';
import { requireWholeLedger } from '../dead-letters/require-whole-ledger';
import { DomainError } from '../errors';
import { requireGroupOrLetters } from '../groups/find';
import type { PlanDraft } from '../jobs/job-spec';
import { type Mask, maskOfLetters, rulesFor } from '../masking/mask';
import type { MaskRule } from '../masking/rule';
import { letterId, readSelection } from '../redrive/selection';
import type { QueueRange } from './read-all';

export interface FilteredLetters {
  filter: FrozenFilter;
  count: number;
  asOf: number;
}
/** As of the plan: everything, what a filter let through, or single letters. */
export type ExportWhat = ({ ranges: QueueRange[] } | { filtered: FilteredLetters } | { ids: string[] }) & {
  /** Rules that hide something of the letters from who made the plan; missing: none. */
  masks?: MaskRule[];
};

type ByFilter = Extract<Selection, { filter: unknown }>;
interface Planned {
  count: number;
  failures: Failure[];
  frozen: ExportWhat;
}

export async function planExport(
  ctx: Ctx,
  { group, select, format }: z.output<typeof exportPlanInput>,
): Promise<{ plan: PlanDraft<ExportPlan>; frozen: ExportWhat }> {
  const { frozen, count, failures } = await plannedOf(ctx, group, select);
  const asked = { kind: 'export' as const, group, format, confirm: null, cluster: ctx.cluster, asOf: ctx.now() };
  // By the topic of each letter, also of those that no ledger has read.
  const masks = rulesFor(ctx, { group });
  const warnings = [...partialWarning(failures), ...maskedWarning(await maskOfLetters(ctx, group))];
  return {
    plan: { ...asked, count, warnings, failures, refused: nothingToDo(count) },
    frozen: { ...frozen, ...(masks.length > 0 && { masks }) },
  };
}

async function plannedOf(ctx: Ctx, group: string, select: Selection): Promise<Planned> {
  if ('all' in select) return planAll(ctx, group);
  if ('filter' in select) return planFilter(ctx, group, select);
  const { letters, failures } = await readSelection(ctx, group, select);
  return { count: letters.length, failures, frozen: { ids: letters.map(letterId) } };
}

async function planAll(ctx: Ctx, group: string): Promise<Planned> {
  await requireGroupOrLetters(ctx, group);
  const { queues, failures } = await readLetterQueues(ctx, group);
  const ranges = queues.map(({ broker, queueId, minOffset, maxOffset }) => ({
    broker,
    queueId,
    from: minOffset,
    to: maxOffset,
  }));
  return { count: ranges.reduce((sum, { from, to }) => sum + to - from, 0), failures, frozen: { ranges } };
}

/** Counted in the ledger, of however many letters; what it says is expired cannot be read. */
async function planFilter(ctx: Ctx, group: string, { filter: asked }: ByFilter): Promise<Planned> {
  const ledger = await openLedger(ctx, group);
  await requireWholeLedger(ctx, group, ledger);
  const { groupId, failures } = ledger;
  const filter: FrozenFilter = {
    ...storedFilter(asked, await maskOfLetters(ctx, group), ctx.now()),
    groupId,
    upToId: await ctx.store.selections.newest(),
    notBrokers: failures.map(({ broker }) => broker),
  };
  const asOf = ctx.now();
  const count = asked.state === 'expired' ? 0 : await ctx.store.letters.count(groupId, filter);
  return { count, failures, frozen: { filtered: { filter, count, asOf } } };
}

export const nothingToDo = (count: number) => (count === 0 ? { key: 'nothing_selected', params: {} } : null);

const maskedWarning = (mask: Mask | null) =>
  mask ? [{ key: 'masked_by', severity: 'note' as const, params: { rules: mask.by.join(', ') } }] : [];

export const partialWarning = (failures: readonly { broker: string }[]) =>
  failures.length === 0
    ? []
    : [
        {
          key: 'brokers_left_out',
          severity: 'warning' as const,
          params: { brokers: failures.map(({ broker }) => broker).join(', ') },
        },
      ];

/** Stale when a queue began again, or the filter lets others through: what expired is no staleness, it is counted. */
export async function recheckExport(ctx: Ctx, group: string, what: ExportWhat): Promise<void> {
  if ('ids' in what) return;
  if ('filtered' in what) return recheckFilter(ctx, group, what.filtered);
  const { queues } = await readLetterQueues(ctx, group);
  const isNew = what.ranges.some(({ broker, queueId, to }) =>
    queues.some((queue) => queue.broker === broker && queue.queueId === queueId && queue.maxOffset < to),
  );
  if (isNew) throw new DomainError('PLAN_STALE', 'letters_replaced', { group, count: 0 });
}

async function recheckFilter(ctx: Ctx, group: string, { filter, count, asOf }: FilteredLetters): Promise<void> {
  const { queues } = await openLedger(ctx, group);
  const again = await forgetReplaced(ctx, group, filter.groupId, queues);
  if (again.length > 0) throw new DomainError('PLAN_STALE', 'letters_replaced', { group, count });
  const now = await ctx.store.letters.count(filter.groupId, filter);
  // Among those that have gone may be some that the filter did not let through.
  const gone = await ctx.store.letters.countGone(filter.groupId, filter, asOf);
  if (now > count || now + gone < count)
    throw new DomainError('PLAN_STALE', 'selection_changed', { group, planned: count, now });
}
