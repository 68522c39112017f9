import { type Kysely, sql } from 'kysely';
import type { HistoryGapTable, HistorySampleTable } from './history-schema';
import type { Schema } from './schema';

/** What a group is at a sweep: a row, by the name of the group and not yet at a time. */
export type GroupSample = Omit<HistorySampleTable, 'minute' | 'groupId' | 'at'> & { group: string };
export interface GroupJump {
  group: string;
  topic: string;
  direction: 'back' | 'forward';
  queues: number;
  messages: number;
}
type Gap = Pick<HistoryGapTable, 'from' | 'reason'>;

export const MINUTE_MS = 60_000;
export const TEN_MINUTES_MS = 600_000;
export const KEEP_MS = {
  samples: 2 * 3_600_000,
  minutes: 48 * 3_600_000,
  tenMinutes: 30 * 24 * 3_600_000,
} as const;

export const floorTo = (at: number, stepMs: number): number => at - (at % stepMs);

/** The groups that changed. A statement takes them as one JSON text: thousands of bound values would cost the event loop. */
export async function insertSamples(
  scope: Kysely<Schema>,
  { cluster, at }: { cluster: string; at: number },
  groups: readonly GroupSample[],
  hasCounts: boolean,
): Promise<void> {
  if (groups.length === 0) return;
  await nameGroups(
    scope,
    cluster,
    at,
    groups.map(({ group }) => group),
  );
  const rows = JSON.stringify(
    groups.map((row) => [
      row.group,
      ...(hasCounts ? [row.spanMs, row.produced, row.consumed] : [0, 0, 0]),
      row.lag,
      row.oldestAt,
      row.age,
      row.waiting,
      row.due,
      row.dead,
      row.state,
    ]),
  );
  await sql`insert into "historySample" ("minute", "groupId", "at", "spanMs", "produced", "consumed", "lag", "oldestAt",
      "age", "waiting", "due", "dead", "state")
    select ${floorTo(at, MINUTE_MS)}, "historyGroup"."id", ${at}, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
      value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10
    from json_each(${rows}) cross join "historyGroup" on "cluster" = ${cluster} and "name" = value ->> 0`.execute(
    scope,
  );
}

export async function insertJumps(
  scope: Kysely<Schema>,
  { cluster, at }: { cluster: string; at: number },
  jumps: readonly GroupJump[],
): Promise<void> {
  if (jumps.length === 0) return;
  await nameGroups(
    scope,
    cluster,
    at,
    jumps.map(({ group }) => group),
  );
  const rows = JSON.stringify(
    jumps.map(({ group, topic, direction, queues, messages }) => [group, topic, direction, queues, messages]),
  );
  await sql`insert into "historyJump" ("groupId", "at", "topic", "direction", "queues", "messages")
    select "historyGroup"."id", ${at}, value ->> 1, value ->> 2, value ->> 3, value ->> 4
    from json_each(${rows}) cross join "historyGroup" on "cluster" = ${cluster} and "name" = value ->> 0`.execute(
    scope,
  );
}

async function nameGroups(scope: Kysely<Schema>, cluster: string, at: number, names: readonly string[]): Promise<void> {
  await sql`insert or ignore into "historyGroup" ("cluster", "name", "firstAt")
    select ${cluster}, value, ${at} from json_each(${JSON.stringify(names)})`.execute(scope);
}

/** Records a time without any sample, and begins and ends those of single brokers. */
export async function writeGaps(
  scope: Kysely<Schema>,
  { cluster, at, failedBrokers }: { cluster: string; at: number; failedBrokers: readonly string[] },
  gap: Gap | null,
  previousAt: number | null,
): Promise<void> {
  if (gap) {
    await scope
      .insertInto('historyGap')
      .values({ cluster, broker: '', from: gap.from, to: at, reason: gap.reason })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const open = await scope
    .selectFrom('historyGap')
    .select('broker')
    .where('cluster', '=', cluster)
    .where('to', 'is', null)
    .execute();
  const isOpen = new Set(open.map(({ broker }) => broker));
  for (const broker of failedBrokers) {
    if (isOpen.delete(broker)) continue;
    await scope
      .insertInto('historyGap')
      .values({ cluster, broker, from: previousAt ?? at, to: null, reason: 'silent' })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  if (isOpen.size === 0) return;
  await scope
    .updateTable('historyGap')
    .set({ to: at })
    .where('cluster', '=', cluster)
    .where('to', 'is', null)
    .where('broker', 'in', [...isOpen])
    .execute();
}
