import type { Kysely, Transaction } from 'kysely';
import { rollUp } from './history-rollup';
import {
  floorTo,
  type GroupJump,
  type GroupSample,
  insertJumps,
  insertSamples,
  MINUTE_MS,
  writeGaps,
} from './history-write';
import { decodeFrame, encodeFrame, type QueueSample } from './queue-frames';
import type { Schema } from './schema';

export interface Sweep {
  cluster: string;
  at: number;
  /** The first of this process: what was before is not known to follow on. */
  isFirst: boolean;
  /** Brokers that did not answer: their queues are unknown at this sweep. */
  failedBrokers: readonly string[];
  /** `changedQueues` are all of them, not only those that differ from the sweep before. */
  isKey: boolean;
  /** Both figures null when one is gone; those of a group and topic follow each other. */
  changedQueues: readonly QueueSample[];
  /** Groups of which something changed. */
  groups: readonly GroupSample[];
  jumps: readonly GroupJump[];
}
export interface QueueWindow {
  group: string;
  topic: string;
  broker: string;
  queueId: number;
  samples: { at: number; committed: number; max: number }[];
  rewound: { from: number; at: number } | null;
}

/** Sweeps further apart than this many usual ones, and than that long, have a gap between them. */
const GAP_SPANS = 3;
const MIN_GAP_MS = 10_000;

/** One transaction per sweep, and one per minute for the tiers. A cluster at rest writes a line per sweep. */
export function samples(db: Kysely<Schema>) {
  return {
    async append(sweep: Sweep): Promise<void> {
      const { cluster, at, changedQueues } = sweep;
      const body = changedQueues.length > 0 ? await encodeFrame(changedQueues) : null;
      const before = await inTransaction(db, async (scope) => {
        const last = await lastSweeps(scope, cluster);
        const gap = gapBefore(sweep, last);
        const previousAt = last[0]?.at ?? null;
        // What a new process finds has not been counted since the last sweep of the one before.
        const spanMs = gap || previousAt === null || sweep.isFirst ? 0 : at - previousAt;
        await scope
          .insertInto('lagSweep')
          .values({ cluster, at, spanMs, failedBrokersJson: JSON.stringify(sweep.failedBrokers) })
          .execute();
        if (body) await writeFrame(scope, sweep, body);
        await insertSamples(scope, sweep, sweep.groups, spanMs > 0);
        await insertJumps(scope, sweep, sweep.jumps);
        await writeGaps(scope, sweep, gap, previousAt);
        return previousAt;
      });
      if (before === null || floorTo(before, MINUTE_MS) < floorTo(at, MINUTE_MS))
        await inTransaction(db, (scope) => rollUp(scope, cluster, at));
    },

    /**
     * The last `count` sweeps since `since` that are `apartMs` from each other, dense again: one sample per queue and
     * sweep, oldest first. A sweep at which the queue's broker did not answer has none.
     */
    async windows(
      cluster: string,
      { since, apartMs, count }: { since: number; apartMs: number; count: number },
    ): Promise<QueueWindow[]> {
      const sweeps = await db
        .selectFrom('lagSweep')
        .select(['at', 'failedBrokersJson'])
        .where('cluster', '=', cluster)
        .where('at', '>', since)
        .orderBy('at', 'desc')
        .execute();
      const moments: Moment[] = [];
      for (const { at, failedBrokersJson } of sweeps) {
        const later = moments[0];
        if (later && later.at - at < apartMs) continue;
        moments.unshift({ at, failed: new Set<string>(JSON.parse(failedBrokersJson)) });
        if (moments.length === count) break;
      }
      const from = moments[0]?.at;
      return from === undefined ? [] : densify(moments, await framesSince(db, cluster, from));
    },
  };
}

type Last = { at: number; spanMs: number }[];

function lastSweeps(scope: Kysely<Schema>, cluster: string): Promise<Last> {
  return scope
    .selectFrom('lagSweep')
    .select(['at', 'spanMs'])
    .where('cluster', '=', cluster)
    .orderBy('at', 'desc')
    .limit(5)
    .execute();
}

function gapBefore({ at, isFirst }: Sweep, last: Last): { from: number; reason: 'down' | 'unreached' } | null {
  const from = last[0]?.at;
  if (from === undefined) return null;
  const usual = last.find(({ spanMs }) => spanMs > 0)?.spanMs ?? (isFirst ? 0 : Number.POSITIVE_INFINITY);
  if (at - from <= Math.max(MIN_GAP_MS, GAP_SPANS * usual)) return null;
  return { from, reason: isFirst ? 'down' : 'unreached' };
}

/** A key frame makes those before the one before it superfluous. */
async function writeFrame(scope: Kysely<Schema>, { cluster, at, isKey }: Sweep, body: Uint8Array): Promise<void> {
  if (isKey) {
    const key = await lastKey(scope, cluster, at);
    if (key !== null) await scope.deleteFrom('lagFrame').where('cluster', '=', cluster).where('at', '<', key).execute();
  }
  await scope
    .insertInto('lagFrame')
    .values({ cluster, at, isKey: isKey ? 1 : 0, body })
    .execute();
}

async function lastKey(scope: Kysely<Schema>, cluster: string, until: number): Promise<number | null> {
  const key = await scope
    .selectFrom('lagFrame')
    .select('at')
    .where('cluster', '=', cluster)
    .where('isKey', '=', 1)
    .where('at', '<=', until)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return key?.at ?? null;
}

async function framesSince(db: Kysely<Schema>, cluster: string, from: number) {
  const key = (await lastKey(db, cluster, from)) ?? 0;
  return db
    .selectFrom('lagFrame')
    .select(['at', 'isKey', 'body'])
    .where('cluster', '=', cluster)
    .where('at', '>=', key)
    .orderBy('at')
    .execute();
}

interface Moment {
  at: number;
  failed: ReadonlySet<string>;
}

async function densify(
  moments: readonly Moment[],
  frames: readonly { at: number; isKey: number; body: Uint8Array }[],
): Promise<QueueWindow[]> {
  // By group and topic, then by queue: the long names are put together once per row of a frame.
  const now = new Map<string, Map<string, { queue: QueueSample; window: QueueWindow; key: number }>>();
  let key = -1;
  let next = 0;
  for (const [index, moment] of moments.entries()) {
    for (let frame = frames[next]; frame && frame.at <= moment.at; frame = frames[++next]) {
      if (frame.isKey) key = next;
      await decodeFrame(frame.body, (of, place, read) => {
        const ofTopic = now.get(of) ?? new Map();
        if (ofTopic.size === 0) now.set(of, ofTopic);
        const known = ofTopic.get(place);
        const queue = read();
        if (known) Object.assign(known, { queue, key });
        else ofTopic.set(place, { queue, window: windowOf(queue), key });
      });
    }
    for (const ofTopic of now.values()) {
      for (const [place, { queue, window, key: seen }] of ofTopic) {
        const { committed, max, rewound } = queue;
        // A key frame that does not have it: it is gone.
        if (seen < key) ofTopic.delete(place);
        else if (committed !== null && max !== null && !moment.failed.has(queue.broker)) {
          window.samples.push({ at: moment.at, committed, max });
          if (index === moments.length - 1) window.rewound = rewound;
        }
      }
    }
  }
  return [...now.values()].flatMap((ofTopic) =>
    [...ofTopic.values()].flatMap(({ window }) => (window.samples.length > 0 ? [window] : [])),
  );
}

const windowOf = ({ group, topic, broker, queueId }: QueueSample): QueueWindow => ({
  group,
  topic,
  broker,
  queueId,
  samples: [],
  rewound: null,
});

/** Joins the caller's transaction, if there is one. */
function inTransaction<T>(db: Kysely<Schema>, work: (scope: Kysely<Schema>) => Promise<T>): Promise<T> {
  return (db as Transaction<Schema>).isTransaction ? work(db) : db.transaction().execute(work);
}
