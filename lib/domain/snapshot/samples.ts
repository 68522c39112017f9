import type { GroupJump, GroupSample } from '@/lib/store/history-write';
import type { QueueSample } from '@/lib/store/queue-frames';
import { breather } from '../breather';
import type { Ctx } from '../ctx';
import { movedRows, newRows } from '../history/moved-rows';
import type { Ages } from '../history/oldest-unread';
import { type Before, isUnchanged, sampleGroup, sampleOfGone } from '../history/sample-group';
import { queueKey } from './build-groups';
import { type GroupRows, type RowPart, rowsOfPart } from './group-rows';
import { KEPT_SAMPLES } from './queue-window';
import type { Snapshot, WindowSeed } from './snapshot';

/** Samples older than this say nothing about a tape of ten ticks. */
const SEED_MS = 5 * 60_000;
/** Of a window; see queue-window.ts. */
const APART_MS = 4500;
/** All queues are written again after this, so that a start has few changes to go through. */
const KEY_MS = SEED_MS;

/** Windows of the last run of the console. A store that cannot be read costs the first minute of status words, no more. */
export async function loadSeeds(ctx: Ctx): Promise<Map<string, WindowSeed>> {
  const seeds = new Map<string, WindowSeed>();
  try {
    const range = { since: ctx.now() - SEED_MS, apartMs: APART_MS, count: KEPT_SAMPLES };
    for (const { group, topic, broker, queueId, samples, rewound } of await ctx.store.samples.windows(
      ctx.cluster,
      range,
    )) {
      seeds.set(queueKey(group, topic, broker, queueId), { samples, rewound });
    }
  } catch (error) {
    ctx.log.warn({ cluster: ctx.cluster, err: error }, 'samples of the last run could not be read');
  }
  return seeds;
}

/** The last sweep that is in the store, as the next one compares itself with it. */
interface Recorded {
  groups: ReadonlyMap<string, Before>;
  ages: Ages['now'];
  keyAt: number;
}

/** By the snapshot that follows on it: a store that refused a sweep leaves the one before. */
const recorded = new WeakMap<Snapshot, Recorded>();

/** Writes what changed since the sweep before. A store that refuses does not cost the sweep. */
export async function recordSamples(ctx: Ctx, snapshot: Snapshot, previous: Snapshot | null): Promise<void> {
  const last = previous ? recorded.get(previous) : undefined;
  const breathe = breather();
  const { next, groups, jumps } = await sampleGroups(snapshot, last, breathe);
  const changed = last ? await changedQueues(next.groups, last.groups, breathe) : [];
  const isKey = !last || (changed.length > 0 && snapshot.asOf - last.keyAt >= KEY_MS);
  try {
    await ctx.store.samples.append({
      cluster: ctx.cluster,
      at: snapshot.asOf,
      isFirst: !last,
      failedBrokers: snapshot.brokers.filter(({ state }) => state !== 'ok').map(({ name }) => name),
      isKey,
      changedQueues: isKey ? await changedQueues(next.groups, NOTHING, breathe) : changed,
      groups,
      jumps,
    });
    recorded.set(snapshot, isKey ? { ...next, keyAt: snapshot.asOf } : next);
  } catch (error) {
    if (last) recorded.set(snapshot, last);
    ctx.log.warn({ cluster: ctx.cluster, err: error }, 'samples were not recorded');
  }
}
const NOTHING: Recorded['groups'] = new Map();

type Breathe = () => Promise<void> | undefined;

async function sampleGroups(
  snapshot: Snapshot,
  last: Recorded | undefined,
  breathe: Breathe,
): Promise<{ next: Recorded; groups: GroupSample[]; jumps: GroupJump[] }> {
  const { facts, asOf } = snapshot;
  const ages: Ages = { before: last?.ages ?? new Map(), now: new Map() };
  const next = new Map<string, Before>();
  const changed: GroupSample[] = [];
  const jumped: GroupJump[] = [];
  for (const [name, group] of snapshot.groups) {
    if (group.system) continue;
    const before = last?.groups.get(name);
    const { sample, jumps } = sampleGroup(snapshot, group, before, ages);
    next.set(name, { group, facts, asOf, sample });
    if (!isUnchanged(sample, before?.sample)) changed.push(sample);
    jumped.push(...jumps);
    await breathe();
  }
  for (const name of last?.groups.keys() ?? []) if (!next.has(name)) changed.push(sampleOfGone(name));
  return { next: { groups: next, ages: ages.now, keyAt: last?.keyAt ?? 0 }, groups: changed, jumps: jumped };
}

/** Queues that differ, came or went. */
async function changedQueues(
  now: Recorded['groups'],
  before: Recorded['groups'],
  breathe: Breathe,
): Promise<QueueSample[]> {
  const changed: QueueSample[] = [];
  for (const [name, { group }] of now) {
    const earlier = before.get(name)?.group.rows;
    if (group.rows && group.rows !== earlier) addChanges(changed, name, group.rows, earlier);
    await breathe();
  }
  for (const [name, { group }] of before) {
    if (now.has(name) || !group.rows) continue;
    for (const { part, row } of newRows(group.rows, undefined)) changed.push(goneOf(name, part, row));
  }
  return changed;
}

function addChanges(changed: QueueSample[], name: string, rows: GroupRows, before: GroupRows | undefined): void {
  const written = new Set<number>();
  const write = (part: RowPart, row: number) => {
    if (written.has(row)) return;
    written.add(row);
    changed.push(sampleOf(name, rows, part, row));
  };
  for (const { part, row } of newRows(rows, before)) write(part, row);
  if (!before) return;
  for (const { part, row } of movedRows(rows, before)) write(part, row);
  if (rows.rewound !== before.rewound)
    for (const part of rows.parts)
      for (const row of rowsOfPart(part))
        if (rows.rewound.get(row)?.from !== before.rewound.get(row)?.from) write(part, row);
  for (const { part, row } of newRows(before, rows)) changed.push(goneOf(name, part, row));
}

const sampleOf = (group: string, rows: GroupRows, part: RowPart, row: number): QueueSample => ({
  ...goneOf(group, part, row),
  committed: rows.committed[row] ?? null,
  max: rows.max[row] ?? null,
  rewound: rows.rewound.get(row) ?? null,
});
const goneOf = (group: string, part: RowPart, row: number): QueueSample => ({
  group,
  topic: part.topic,
  broker: part.broker,
  queueId: part.queueIds[row - part.from] ?? 0,
  committed: null,
  max: null,
  rewound: null,
});
