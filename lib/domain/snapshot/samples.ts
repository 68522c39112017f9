import type { GroupJump, GroupSample } from '@/lib/store/history-write';
import type { QueueSample } from '@/lib/store/queue-frames';
import type { Ctx } from '../ctx';
import { pairs } from '../history/movement';
import type { Ages } from '../history/oldest-unread';
import { type Before, isUnchanged, sampleGroup, sampleOfGone } from '../history/sample-group';
import { queueKey } from './build-groups';
import { KEPT_SAMPLES } from './queue-window';
import type { Snapshot, SnapshotGroup, SnapshotGroupQueue, WindowSeed } from './snapshot';

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
  const { next, groups, jumps } = sampleGroups(snapshot, last);
  const changed = last ? changedQueues(next.groups, last.groups) : [];
  const isKey = !last || (changed.length > 0 && snapshot.asOf - last.keyAt >= KEY_MS);
  try {
    await ctx.store.samples.append({
      cluster: ctx.cluster,
      at: snapshot.asOf,
      isFirst: !last,
      failedBrokers: snapshot.brokers.filter(({ state }) => state !== 'ok').map(({ name }) => name),
      isKey,
      changedQueues: isKey ? allQueues(next.groups) : changed,
      groups,
      jumps,
    });
    recorded.set(snapshot, isKey ? { ...next, keyAt: snapshot.asOf } : next);
  } catch (error) {
    if (last) recorded.set(snapshot, last);
    ctx.log.warn({ cluster: ctx.cluster, err: error }, 'samples were not recorded');
  }
}

function sampleGroups(
  snapshot: Snapshot,
  last: Recorded | undefined,
): { next: Recorded; groups: GroupSample[]; jumps: GroupJump[] } {
  const ages: Ages = { before: last?.ages ?? new Map(), now: new Map() };
  const next = new Map<string, Before>();
  const changed: GroupSample[] = [];
  const jumped: GroupJump[] = [];
  for (const [name, group] of snapshot.groups) {
    if (group.system) continue;
    const before = last?.groups.get(name);
    const { sample, jumps } = sampleGroup(snapshot, group, before, ages);
    next.set(name, { group, sample });
    if (!isUnchanged(sample, before?.sample)) changed.push(sample);
    jumped.push(...jumps);
  }
  for (const name of last?.groups.keys() ?? []) if (!next.has(name)) changed.push(sampleOfGone(name));
  return { next: { groups: next, ages: ages.now, keyAt: last?.keyAt ?? 0 }, groups: changed, jumps: jumped };
}

function allQueues(groups: Recorded['groups']): QueueSample[] {
  return [...groups.values()].flatMap(({ group }) => group.queues.map((queue) => sampleOf(group.name, queue)));
}

function changedQueues(now: Recorded['groups'], before: Recorded['groups']): QueueSample[] {
  const changed: QueueSample[] = [];
  for (const [name, { group }] of now) {
    const earlier = before.get(name)?.group;
    if (group !== earlier) changed.push(...changesOf(group, earlier));
  }
  for (const [name, { group }] of before) if (!now.has(name)) changed.push(...group.queues.map(goneOf(name)));
  return changed;
}

function changesOf(group: SnapshotGroup, before: SnapshotGroup | undefined): QueueSample[] {
  if (!before) return group.queues.map((queue) => sampleOf(group.name, queue));
  const came = new Set(group.queues);
  const went = new Set(before.queues);
  const changed: QueueSample[] = [];
  for (const [queue, earlier] of pairs(group, before)) {
    came.delete(queue);
    went.delete(earlier);
    if (
      queue.committedOffset !== earlier.committedOffset ||
      queue.maxOffset !== earlier.maxOffset ||
      queue.rewound?.from !== earlier.rewound?.from
    )
      changed.push(sampleOf(group.name, queue));
  }
  for (const queue of came) changed.push(sampleOf(group.name, queue));
  return [...changed, ...[...went].map(goneOf(group.name))];
}

const sampleOf = (
  group: string,
  { topic, broker, queueId, committedOffset, maxOffset, rewound }: SnapshotGroupQueue,
): QueueSample => ({ group, topic, broker, queueId, committed: committedOffset, max: maxOffset, rewound });

const goneOf =
  (group: string) =>
  ({ topic, broker, queueId }: SnapshotGroupQueue): QueueSample => ({
    group,
    topic,
    broker,
    queueId,
    committed: null,
    max: null,
    rewound: null,
  });
