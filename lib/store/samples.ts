import type { Kysely, Selectable } from 'kysely';
import { chunks } from './chunks';
import type { LagGroupSampleTable, LagSampleTable, Schema } from './schema';

export type QueueSample = Omit<Selectable<LagSampleTable>, 'cluster' | 'at'>;
export type GroupSample = Omit<Selectable<LagGroupSampleTable>, 'cluster' | 'at'>;
export interface Sweep {
  cluster: string;
  at: number;
  /** Brokers that did not answer: their queues are unknown at this sweep. */
  failedBrokers: readonly string[];
  /** Only queues that differ from the sweep before (all of them on the first); both figures null when one is gone. */
  changedQueues: readonly QueueSample[];
  groups: readonly GroupSample[];
}
export interface WindowSample {
  at: number;
  committed: number | null;
  max: number | null;
}
export interface QueueWindow {
  group: string;
  topic: string;
  broker: string;
  queueId: number;
  samples: WindowSample[];
}

export function samples(db: Kysely<Schema>) {
  async function write(scope: Kysely<Schema>, sweep: Sweep, keep: { queuesFrom: number; groupsFrom: number }) {
    const { cluster, at } = sweep;
    await scope
      .insertInto('lagSweep')
      .values({ cluster, at, failedBrokersJson: JSON.stringify(sweep.failedBrokers) })
      .execute();
    for (const chunk of chunks(sweep.changedQueues)) {
      await scope
        .insertInto('lagSample')
        .values(chunk.map((queue) => ({ ...queue, cluster, at })))
        .execute();
    }
    for (const chunk of chunks(sweep.groups)) {
      await scope
        .insertInto('lagGroupSample')
        .values(chunk.map((group) => ({ ...group, cluster, at })))
        .execute();
    }
    await expire(scope, cluster, keep);
  }

  return {
    /** One transaction: the sweep's rows, and the end of those older than `keep`. */
    async append(sweep: Sweep, keep: { queuesFrom: number; groupsFrom: number }): Promise<void> {
      await db.transaction().execute((scope) => write(scope, sweep, keep));
    },

    /**
     * The last `sweeps` sweeps of a cluster, dense again: one sample per queue and sweep, oldest first.
     * A sweep at which the queue's broker did not answer has none.
     */
    async windows(
      cluster: string,
      { sweeps = 10, group }: { sweeps?: number; group?: string } = {},
    ): Promise<QueueWindow[]> {
      const times = await db
        .selectFrom('lagSweep')
        .select(['at', 'failedBrokersJson'])
        .where('cluster', '=', cluster)
        .orderBy('at', 'desc')
        .limit(sweeps)
        .execute();
      const moments = times
        .reverse()
        .map(({ at, failedBrokersJson }) => ({ at, failed: new Set<string>(JSON.parse(failedBrokersJson)) }));
      const from = moments[0]?.at;
      if (from === undefined) return [];

      const base = await db
        .selectFrom('lagSample as sample')
        .select((eb) => ['group', 'topic', 'broker', 'queueId', 'committed', 'max', eb.fn.max('at').as('at')])
        .where('cluster', '=', cluster)
        .where('at', '<=', from)
        .$if(group !== undefined, (query) => query.where('group', '=', group ?? ''))
        .groupBy(['group', 'topic', 'broker', 'queueId'])
        .execute();
      const changes = await db
        .selectFrom('lagSample')
        .select(['group', 'topic', 'broker', 'queueId', 'committed', 'max', 'at'])
        .where('cluster', '=', cluster)
        .where('at', '>', from)
        .$if(group !== undefined, (query) => query.where('group', '=', group ?? ''))
        .orderBy('at')
        .execute();
      return densify(moments, [...base, ...changes]);
    },

    /** A group's totals in a time range, oldest first. */
    history(cluster: string, group: string, from: number, to: number) {
      return db
        .selectFrom('lagGroupSample')
        .select(['at', 'lag', 'committed', 'max', 'unknownQueues'])
        .where('cluster', '=', cluster)
        .where('group', '=', group)
        .where('at', '>=', from)
        .where('at', '<', to)
        .orderBy('at')
        .limit(20_000)
        .execute();
    },
  };
}

/** A queue's newest row before the limit stays: it is still its present value. */
async function expire(scope: Kysely<Schema>, cluster: string, keep: { queuesFrom: number; groupsFrom: number }) {
  await scope
    .deleteFrom('lagSample')
    .where('cluster', '=', cluster)
    .where('at', '<', keep.queuesFrom)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('lagSample as later')
          .select('later.at')
          .whereRef('later.cluster', '=', 'lagSample.cluster')
          .whereRef('later.group', '=', 'lagSample.group')
          .whereRef('later.topic', '=', 'lagSample.topic')
          .whereRef('later.broker', '=', 'lagSample.broker')
          .whereRef('later.queueId', '=', 'lagSample.queueId')
          .whereRef('later.at', '>', 'lagSample.at')
          .where('later.at', '<=', keep.queuesFrom),
      ),
    )
    .execute();
  await scope.deleteFrom('lagSweep').where('cluster', '=', cluster).where('at', '<', keep.queuesFrom).execute();
  await scope.deleteFrom('lagGroupSample').where('cluster', '=', cluster).where('at', '<', keep.groupsFrom).execute();
}

function densify(
  moments: readonly { at: number; failed: ReadonlySet<string> }[],
  rows: readonly (QueueSample & { at: number })[],
): QueueWindow[] {
  const byQueue = new Map<string, { window: QueueWindow; rows: WindowSample[] }>();
  for (const { group, topic, broker, queueId, ...sample } of rows) {
    const key = JSON.stringify([group, topic, broker, queueId]);
    const entry = byQueue.get(key) ?? { window: { group, topic, broker, queueId, samples: [] }, rows: [] };
    byQueue.set(key, entry);
    entry.rows.push(sample);
  }
  const windows: QueueWindow[] = [];
  for (const { window, rows: changes } of byQueue.values()) {
    let next = 0;
    for (const { at, failed } of moments) {
      while ((changes[next]?.at ?? Number.POSITIVE_INFINITY) <= at) next++;
      const current = changes[next - 1];
      const isKnown = current && !failed.has(window.broker) && (current.committed !== null || current.max !== null);
      if (isKnown) window.samples.push({ ...current, at });
    }
    if (window.samples.length > 0) windows.push(window);
  }
  return windows;
}
