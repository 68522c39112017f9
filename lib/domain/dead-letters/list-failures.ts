import type { z } from 'zod';
import type { FailureRow, FailuresReply, failuresQuery } from '@/lib/contract/dead-letters';
import type { FailureCount } from '@/lib/store/letters-count';
import type { Ctx } from '../ctx';
import { maskFailure } from '../masking/failure';
import { maskOfLetters } from '../masking/mask';
import { counted } from './counted';
import { DEATH_HOURS, hoursOf } from './deaths';
import { diagnosesOf, runsOf } from './diagnoses';
import { propertyOf } from './failure-of';
import { whileLooking } from './give-way';
import { countOf, STATES_OF } from './ledger-words';
import { openLedger } from './open-ledger';
import { redriveProgress } from './redrive-progress';
import { toldOnce } from './told';
import { tracedOf, tracesKept } from './trace-results';

type Failure = Awaited<ReturnType<Ctx['store']['letters']['failures']>>[number];
type Death = Awaited<ReturnType<Ctx['store']['letters']['deathsByHour']>>[number];

/** What the letters of a group died of, most open ones first. Counts what the ledger has read; `ledger` says how much that is. */
export const listFailures = (ctx: Ctx, { group }: z.output<typeof failuresQuery>): Promise<FailuresReply> =>
  whileLooking(ctx, () => list(ctx, group));

async function list(ctx: Ctx, group: string): Promise<FailuresReply> {
  const { groupId, read, total, completeSince, failures, queues } = await openLedger(ctx, group);
  const now = ctx.now();
  const [known, counts, deaths] = await counted(ctx, `${groupId} failures`, total, () =>
    Promise.all([
      ctx.store.letters.failures(groupId),
      ctx.store.letters.failureCounts(groupId),
      ctx.store.letters.deathsByHour(groupId, now, DEATH_HOURS),
    ]),
  );
  // The letters that are there; new ones may have been traced or run before they were read.
  const letters = JSON.stringify([read, queues]);
  const [progress, notes, traced, diagnoses] = await Promise.all([
    redriveProgress(ctx, group, groupId, total),
    ctx.store.failureNotes.ofGroup(ctx.cluster, group),
    toldOnce(ctx, `${groupId} traced`, `${letters} ${tracesKept(ctx, groupId)}`, () => tracedOf(ctx, groupId)),
    toldOnce(ctx, `${groupId} diagnosed`, `${letters} ${await runsOf(ctx, group)}`, () =>
      diagnosesOf(ctx, group, groupId),
    ),
  ]);
  const mask = await maskOfLetters(ctx, group);
  const items: FailureRow[] = known.flatMap((each) => {
    const mine = counts.filter(({ failureId }) => failureId === each.id);
    if (mine.length === 0) return [];
    const died = deaths.filter(({ failureId }) => failureId === each.id);
    const note = notes.find(({ kind, key }) => kind === each.kind && key === each.key);
    return [
      maskFailure(mask, {
        ...rowOf(each, mine, died),
        note: note ? { text: note.text, by: note.writtenBy, at: note.writtenAt } : null,
        progress: progress(each.id),
        traced: traced.get(each.id) ?? null,
        diagnosis: diagnoses.get(each.id) ?? null,
      }),
    ];
  });
  items.sort((a, b) => b.open - a.open || b.lastAt - a.lastAt);
  return { group, items, ledger: { read, of: total, completeSince }, asOf: now, failures };
}

function rowOf(
  { id, kind, key, label }: Failure,
  counts: readonly FailureCount[],
  deaths: readonly Death[],
): Omit<FailureRow, 'progress' | 'note' | 'traced' | 'diagnosis'> {
  const states = Object.fromEntries(counts.map(({ state, count }) => [state, count]));
  return {
    id,
    kind,
    isMasked: false,
    property: kind === 'property' ? propertyOf(key) : null,
    text: kind === 'property' ? label : null,
    shape: kind === 'shape' ? JSON.parse(label) : null,
    count: counts.reduce((sum, { count }) => sum + count, 0),
    open: countOf(states, STATES_OF.open),
    states,
    firstAt: Math.min(...counts.map(({ firstAt }) => firstAt)),
    lastAt: Math.max(...counts.map(({ lastAt }) => lastAt)),
    hours: hoursOf(deaths),
  };
}
