import type { z } from 'zod';
import type { HandlePlan, handlePlanInput, Selection } from '@/lib/contract/plans';
import type { Failure } from '@/lib/contract/primitives';
import { covers, type Watermark } from '@/lib/store/handled';
import type { FrozenFilter, MarkCounts } from '@/lib/store/handled-by-filter';
import type { SourceIdentity } from '@/lib/store/items';
import { failureOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { readEdgeNow } from '../dead-letters/edge-times';
import { storedFilter } from '../dead-letters/ledger-words';
import { openLedger } from '../dead-letters/open-ledger';
import { type LetterQueue, readLetterQueues } from '../dead-letters/queues';
import { DomainError } from '../errors';
import { nothingToDo, partialWarning } from '../export/plan';
import { requireGroupOrLetters } from '../groups/find';
import type { PlanDraft } from '../jobs/job-spec';
import { maskOfLetters } from '../masking/mask';
import { sourceUniqKey } from '../messages/row';
import { letterId, placeOf, readSelection } from '../redrive/selection';
import type { HandleWhat } from './input';
import { stretchesOf } from './pages';
import type { MarkKind } from './run';

/** Letters that one statement counts: some 20 ms. */
const STRETCH = 10_000;

type ByFilter = Extract<Selection, { filter: unknown }>;
interface Planned {
  count: number;
  skipped: HandlePlan['skipped'];
  leftOut: HandlePlan['leftOut'];
  failures: Failure[];
  frozen: HandleWhat;
}

/** Which letters would be marked or reopened, as of now. Changes nothing. */
export async function planMarks(
  ctx: Ctx,
  kind: MarkKind,
  { group, select }: z.output<typeof handlePlanInput>,
): Promise<{ plan: PlanDraft<HandlePlan>; frozen: HandleWhat }> {
  const base = { kind, group, confirm: null, cluster: ctx.cluster, asOf: ctx.now() };
  const { frozen, ...planned } = await plannedOf(ctx, kind, group, select);
  const { failures, count } = planned;
  return { plan: { ...base, ...planned, warnings: partialWarning(failures), refused: nothingToDo(count) }, frozen };
}

function plannedOf(ctx: Ctx, kind: MarkKind, group: string, select: Selection): Promise<Planned> {
  if ('all' in select) return planAll(ctx, kind, group);
  return 'filter' in select ? planFilter(ctx, kind, group, select) : planSingle(ctx, kind, group, select);
}

async function planSingle(ctx: Ctx, kind: MarkKind, group: string, select: Selection): Promise<Planned> {
  const { letters, gone, failures } = await readSelection(ctx, group, select);
  const identities = letters.map((letter): SourceIdentity => {
    const { broker, record } = letter;
    return { broker, phyOffset: record.physicalOffset, uniqKey: sourceUniqKey(record) };
  });
  const marks = await ctx.store.handled.on(ctx.cluster, group, identities);
  const skipped = gone.map((id) => ({ id, reason: 'expired' }));
  const wanted: SourceIdentity[] = [];
  for (const [index, letter] of letters.entries()) {
    const identity = identities[index];
    if (!identity) continue;
    const place = placeOf(letter);
    const mark = marks.find({ ...place, ...identity });
    const isCovered = marks.watermarks.some((watermark) => covers(watermark, { ...place, ...identity }));
    if (kind === 'handle' && mark) skipped.push({ id: letterId(letter), reason: 'already_handled' });
    else if (kind === 'reopen' && !mark) skipped.push({ id: letterId(letter), reason: 'not_handled' });
    else if (kind === 'reopen' && isCovered) skipped.push({ id: letterId(letter), reason: 'handled_with_all' });
    else wanted.push(identity);
  }
  return { count: wanted.length, skipped, leftOut: [], failures, frozen: { letters: wanted } };
}

/** Counted in the ledger, of however many letters. INVALID while it has not read all: what it does not know it cannot choose. */
async function planFilter(ctx: Ctx, kind: MarkKind, group: string, { filter: asked }: ByFilter): Promise<Planned> {
  const { groupId, read, total, failures } = await openLedger(ctx, group);
  if (read < total) throw new DomainError('INVALID', 'ledger_unread', { read, total, group });
  const { letter, ...newest } = await ctx.store.handled.newest();
  const stored = storedFilter(asked, await maskOfLetters(ctx, group), ctx.now());
  const filter: FrozenFilter = {
    ...stored,
    groupId,
    upToId: letter,
    notBrokers: failures.map(({ broker }) => broker),
  };
  const frozen = { filter, newest };
  if (asked.state === 'expired') {
    const expired = await ctx.store.letters.count(groupId, stored);
    return { count: 0, skipped: [], leftOut: leftOutOf({ expired }), failures, frozen };
  }
  const sum: MarkCounts = { letters: 0, single: 0, all: 0, marked: 0 };
  for await (const stretch of stretchesOf(ctx.store, filter, STRETCH)) {
    const { letters, single, all, marked } = await ctx.store.handled.countMarks(
      { cluster: ctx.cluster, group },
      filter,
      stretch,
    );
    sum.letters += letters;
    sum.single += single;
    sum.all += all;
    sum.marked += marked;
  }
  const unmarked = sum.letters - sum.marked;
  const [count, leftOut] =
    kind === 'handle'
      ? [unmarked, { already_handled: sum.marked }]
      : [sum.marked - sum.all, { not_handled: unmarked, handled_with_all: sum.all }];
  return { count, skipped: [], leftOut: leftOutOf(leftOut), failures, frozen };
}

const leftOutOf = (counts: Record<string, number>) =>
  Object.entries(counts).flatMap(([reason, count]) => (count > 0 ? [{ reason, count }] : []));

/** "All" is all as of the plan: letters that die later are open. */
async function planAll(ctx: Ctx, kind: MarkKind, group: string): Promise<Planned> {
  await requireGroupOrLetters(ctx, group);
  const { queues, failures } = await readLetterQueues(ctx, group);
  const { letter: _, ...newest } = await ctx.store.handled.newest();
  const watermarks = await ctx.store.handled.watermarks(ctx.cluster, group);
  const all: Watermark[] = [];
  let total = 0;
  let covered = 0;
  for (const queue of queues.filter(({ minOffset, maxOffset }) => maxOffset > minOffset)) {
    const { broker, queueId, minOffset, maxOffset } = queue;
    const [oldest, newest] = await Promise.all([minOffset, maxOffset - 1].map((at) => placeAt(ctx, group, queue, at)));
    all.push({ broker, queueId, belowOffset: maxOffset, lastPhyOffset: newest ?? null });
    total += maxOffset - minOffset;
    const first = { broker, queueId, queueOffset: minOffset, phyOffset: oldest ?? 0 };
    const mark = watermarks.find((watermark) => covers(watermark, first));
    covered += mark ? Math.min(mark.belowOffset, maxOffset) - minOffset : 0;
  }
  const single = kind === 'handle' ? 0 : await ctx.store.handled.countSingle(ctx.cluster, group);
  const count = kind === 'handle' ? total - covered : covered + single;
  return { count, skipped: [], leftOut: [], failures, frozen: { all, newest } };
}

/** Null when the broker does not hand the record out. */
async function placeAt(ctx: Ctx, group: string, queue: LetterQueue, offset: number): Promise<number | null> {
  try {
    return (await readEdgeNow(ctx, group, queue, offset))?.physicalOffset ?? null;
  } catch (error) {
    failureOf(queue.broker, error);
    return null;
  }
}
