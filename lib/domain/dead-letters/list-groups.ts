import type { z } from 'zod';
import type { DeadLetterGroupRow, DeadLettersReply, deadLettersQuery } from '@/lib/contract/dead-letters';
import { askBrokers, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { isLate } from '../messages/read-queue';
import { matches, pageOf, type SortFields, toWire } from '../snapshot/page-list';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { SnapshotTopic } from '../snapshot/snapshot';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { keptOf, lastStoredOf } from '../topics/figures';
import { expiryOf, readEdge } from './edge-times';
import { perBrokerOf } from './list-messages';
import { countSettled } from './settled';

const SORTS: SortFields<DeadLetterGroupRow> = {
  group: (row) => row.group,
  count: (row) => row.count,
  newestAt: (row) => row.newestAt,
  oldestAt: (row) => row.oldestAt,
  expiresAt: (row) => row.expiresAt,
};
/** These need a look at the oldest letter of every group, not only of the page. */
const EDGE_SORTS = new Set(['oldestAt', 'expiresAt']);

/**
 * Groups with dead letters: counts from the snapshot, the oldest letter by one PULL per queue (remembered for a
 * minute), decisions and jobs from the journal. `DomainError` as of `pageOf` and `requireSnapshot`.
 */
export async function listDeadLetterGroups(
  ctx: Ctx,
  query: z.output<typeof deadLettersQuery>,
): Promise<DeadLettersReply> {
  const snapshot = requireSnapshot(ctx);
  const topics = [...snapshot.topics.values()].filter(
    ({ name, type, partial, queues }) =>
      type === 'DLQ' &&
      matches(name.slice(DLQ_PREFIX.length), query.q) &&
      (partial !== null || queues.some(({ minOffset, maxOffset }) => maxOffset > minOffset)),
  );
  const byGroup = new Map(topics.map((topic) => [topic.name.slice(DLQ_PREFIX.length), topic]));
  let rows = topics.map((topic) => rowOf(topic, snapshot.asOf));
  const failures = [...snapshot.failures];
  const addEdges = async (of: DeadLetterGroupRow[]) => {
    const done = await Promise.all(of.map((row) => withEdges(ctx, row, byGroup.get(row.group))));
    failures.push(...done.flatMap((each) => each.failures));
    return done.map(({ row }) => row);
  };
  const needsAll = EDGE_SORTS.has((query.sort ?? '').replace(/^-/, ''));
  if (needsAll) rows = await addEdges(rows);
  const page = pageOf(rows, query, SORTS, { defaultSort: '-count', nameOf: (row) => row.group });
  const items = needsAll ? page.items : await addEdges(page.items);
  return {
    ...page,
    items: await withJournal(ctx, items, byGroup),
    asOf: snapshot.asOf,
    failures: oneEach(failures),
  };
}

function rowOf(topic: SnapshotTopic, asOf: number): DeadLetterGroupRow {
  const { name, queues, partial } = topic;
  const { values, unknown } = toWire({ count: keptOf(topic, asOf) }, { count: partial });
  return {
    group: name.slice(DLQ_PREFIX.length),
    ...values,
    handled: 0,
    perBroker: perBrokerOf(queues),
    oldestAt: null,
    newestAt: lastStoredOf(topic),
    expiresAt: null,
    lastJob: null,
    unknown,
  };
}

async function withEdges(ctx: Ctx, row: DeadLetterGroupRow, topic: SnapshotTopic | undefined) {
  const brokers = [...new Set((topic?.queues ?? []).map(({ broker }) => broker))];
  if (isLate(ctx)) return { row, failures: [] };
  const { items, failures } = await askBrokers(brokers, (broker) =>
    Promise.all(
      (topic?.queues ?? [])
        .filter((queue) => queue.broker === broker)
        .map((queue) => readEdge(ctx, row.group, queue, 'oldest')),
    ),
  );
  const oldest = items.flatMap(({ broker, value }) => value.map((edge) => ({ broker, edge })));
  const times = oldest.flatMap(({ edge }) => edge?.storedAt ?? []);
  const oldestAt = times.length > 0 ? Math.min(...times) : null;
  return { row: { ...row, oldestAt, expiresAt: expiryOf(ctx, oldest) }, failures };
}

async function withJournal(
  ctx: Ctx,
  rows: DeadLetterGroupRow[],
  topics: ReadonlyMap<string, SnapshotTopic>,
): Promise<DeadLetterGroupRow[]> {
  if (rows.length === 0) return rows;
  const groups = rows.map(({ group }) => group);
  const [marked, jobs] = await Promise.all([markedGroups(ctx, groups), lastJobs(ctx, groups)]);
  return Promise.all(
    rows.map(async (row) => {
      const queues = topics.get(row.group)?.queues ?? [];
      // Without a look at the oldest record everything the journal knows counts as still there.
      const places = new Map(queues.map(({ broker }) => [broker, 0]));
      const handled = marked.has(row.group) ? (await countSettled(ctx, row.group, queues, places)).handled : 0;
      return { ...row, handled: Math.min(handled, row.count ?? handled), lastJob: jobs.get(row.group) ?? null };
    }),
  );
}

async function markedGroups({ store, cluster }: Ctx, groups: readonly string[]): Promise<Set<string>> {
  const [letters, watermarks] = await Promise.all([
    store.db
      .selectFrom('handled')
      .select('group')
      .distinct()
      .where('cluster', '=', cluster)
      .where('group', 'in', groups)
      .where('reopenedAt', 'is', null)
      .execute(),
    store.db
      .selectFrom('handledWatermark')
      .select('group')
      .distinct()
      .where('cluster', '=', cluster)
      .where('group', 'in', groups)
      .where('endedAt', 'is', null)
      .execute(),
  ]);
  return new Set([...letters, ...watermarks].map(({ group }) => group));
}

const LETTER_JOBS = ['redrive', 'purge', 'handle', 'reopen', 'export'] as const;

async function lastJobs({ store, cluster }: Ctx, groups: readonly string[]) {
  const rows = await store.db
    .selectFrom('operation')
    .select(['id', 'kind', 'state', 'createdAt as at', 'group'])
    .where('cluster', '=', cluster)
    .where('group', 'in', groups)
    .where('kind', 'in', LETTER_JOBS)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('operation')
        .select((max) => max.fn.max('id').as('id'))
        .where('cluster', '=', cluster)
        .where('kind', 'in', LETTER_JOBS)
        .groupBy('group'),
    )
    .execute();
  return new Map(rows.map(({ group, ...job }) => [group, job]));
}
