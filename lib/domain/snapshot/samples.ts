import { isKnown } from '@/lib/contract/primitives';
import type { GroupSample, QueueSample } from '@/lib/store/samples';
import type { Ctx } from '../ctx';
import { queueKey } from './build-groups';
import { KEPT_SAMPLES } from './queue-window';
import type { Snapshot, SnapshotGroup, WindowSeed } from './snapshot';

/** Samples older than this say nothing about a tape of ten ticks. */
const SEED_MS = 5 * 60_000;
const KEEP_QUEUES_MS = 24 * 3_600_000;
const KEEP_GROUPS_MS = 30 * 24 * 3_600_000;

/** Windows of the last run of the console. A store that cannot be read costs the first minute of status words, no more. */
export async function loadSeeds(ctx: Ctx): Promise<Map<string, WindowSeed>> {
  const seeds = new Map<string, WindowSeed>();
  try {
    for (const { group, topic, broker, queueId, samples } of await ctx.store.samples.windows(ctx.cluster, {
      sweeps: KEPT_SAMPLES,
    })) {
      const recent = samples.flatMap(({ at, committed, max }) =>
        committed !== null && max !== null && at > ctx.now() - SEED_MS ? [{ at, committed, max }] : [],
      );
      if (recent.length > 0) seeds.set(queueKey(group, topic, broker, queueId), { samples: recent, rewound: null });
    }
  } catch (error) {
    ctx.log.warn({ cluster: ctx.cluster, err: error }, 'samples of the last run could not be read');
  }
  return seeds;
}

/** Writes what changed since the sweep before. A store that refuses does not cost the sweep. */
export async function recordSamples(ctx: Ctx, snapshot: Snapshot, previous: Snapshot | null): Promise<void> {
  const at = snapshot.asOf;
  const keep = { queuesFrom: at - KEEP_QUEUES_MS, groupsFrom: at - KEEP_GROUPS_MS };
  const failedBrokers = snapshot.brokers.filter(({ state }) => state !== 'ok').map(({ name }) => name);
  try {
    await ctx.store.samples.append(
      {
        cluster: ctx.cluster,
        at,
        failedBrokers,
        changedQueues: changes(snapshot, previous),
        groups: groupSamples(snapshot),
      },
      keep,
    );
  } catch (error) {
    ctx.log.warn({ cluster: ctx.cluster, err: error }, 'samples were not recorded');
  }
}

function changes(snapshot: Snapshot, previous: Snapshot | null): QueueSample[] {
  const before = new Map<string, QueueSample>();
  for (const group of previous?.groups.values() ?? []) for (const row of rowsOf(group)) before.set(keyOf(row), row);
  const changed: QueueSample[] = [];
  for (const group of snapshot.groups.values()) {
    for (const row of rowsOf(group)) {
      const key = keyOf(row);
      const old = before.get(key);
      before.delete(key);
      if (old?.committed !== row.committed || old.max !== row.max) changed.push(row);
    }
  }
  for (const gone of before.values()) changed.push({ ...gone, committed: null, max: null });
  return changed;
}

const keyOf = ({ group, topic, broker, queueId }: QueueSample) => queueKey(group, topic, broker, queueId);

function rowsOf(group: SnapshotGroup): QueueSample[] {
  if (group.system) return [];
  return group.queues.map(({ topic, broker, queueId, committedOffset, maxOffset }) => ({
    group: group.name,
    topic,
    broker,
    queueId,
    committed: committedOffset,
    max: maxOffset,
  }));
}

function groupSamples(snapshot: Snapshot): GroupSample[] {
  return [...snapshot.groups.values()]
    .filter(({ system }) => !system)
    .map(({ name, lag, queues, queuesWithoutOffset }) => {
      const business = queues.filter(({ isRetry }) => !isRetry);
      return {
        group: name,
        lag: isKnown(lag) ? lag.value : null,
        committed: business.reduce((sum, { committedOffset }) => sum + committedOffset, 0),
        max: business.reduce((sum, { maxOffset }) => sum + maxOffset, 0),
        unknownQueues: queuesWithoutOffset.length,
      };
    });
}
