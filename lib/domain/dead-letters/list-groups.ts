import type { z } from 'zod';
import type { DeadLetterGroupRow, DeadLettersReply, deadLettersQuery } from '@/lib/contract/dead-letters';
import { type Failure, figureValue } from '@/lib/contract/primitives';
import { LEDGER_JOB_KINDS, LETTER_EXPIRY_HOURS, type LETTER_GROUP_FILTERS } from '@/lib/contract/words';
import { askBrokers, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { maskCause } from '../masking/failure';
import { maskOfAny } from '../masking/mask';
import { isLate } from '../messages/read-queue';
import { matches, pageOf, type SortFields, toWire } from '../snapshot/page-list';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { Snapshot, SnapshotTopic } from '../snapshot/snapshot';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { keptOf, lastStoredOf } from '../topics/figures';
import { DEATH_HOURS, hoursOf } from './deaths';
import { expiryOf, readEdge } from './edge-times';
import { countOf, STATES_OF } from './ledger-words';
import { perBrokerOf } from './list-messages';
import { type LedgerSummary, ledgerSummaries } from './summaries';

const HOUR_MS = 3_600_000;

const SORTS: SortFields<DeadLetterGroupRow> = {
  group: (row) => row.group,
  count: (row) => row.count,
  open: (row) => row.open,
  lastHour: (row) => row.lastHour,
  newestAt: (row) => row.newestAt,
  oldestAt: (row) => row.oldestAt,
  expiresAt: (row) => row.expiresAt,
};
type Only = (typeof LETTER_GROUP_FILTERS)[number];
const HOLDS: Record<Only, (row: DeadLetterGroupRow) => boolean> = {
  open: ({ open }) => open !== 0,
  growing: ({ lastHour }) => lastHour > 0,
  settled: ({ open }) => open === 0,
};

/**
 * Groups with dead letters: counts from the snapshot, what is behind them from the ledger, decisions and jobs from the
 * journal. Asks a broker only for the oldest letter of a ledger that is still being read. `DomainError` as of `pageOf`
 * and `requireSnapshot`.
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
  const letters = topics.reduce((sum, topic) => sum + (figureValue(keptOf(topic, snapshot.asOf)) ?? 0), 0);
  const summaries = await ledgerSummaries(ctx, letters);
  const failures = [...snapshot.failures];
  const all = await Promise.all(
    topics.map(async (topic) => {
      const row = rowOf(ctx, topic, snapshot, summaries.get(topic.name.slice(DLQ_PREFIX.length)));
      if (row.count === null || row.read >= row.count) return row;
      const edges = await oldestOf(ctx, row.group, topic);
      failures.push(...edges.failures);
      return { ...row, oldestAt: edges.oldestAt, expiresAt: edges.expiresAt };
    }),
  );
  const now = ctx.now();
  const expires = ({ expiresAt }: DeadLetterGroupRow, hours: number) =>
    expiresAt !== null && expiresAt - now <= hours * HOUR_MS;
  const { only, expiresWithinH } = query;
  const rows = all.filter(
    (row) => (only === undefined || HOLDS[only](row)) && (expiresWithinH === undefined || expires(row, expiresWithinH)),
  );
  const page = pageOf(rows, query, SORTS, { defaultSort: '-open', nameOf: (row) => row.group });
  const jobs = await lastJobs(
    ctx,
    page.items.map(({ group }) => group),
  );
  const countOnly = (name: Only) => all.filter(HOLDS[name]).length;
  return {
    ...page,
    items: page.items.map((row) => ({ ...row, lastJob: jobs.get(row.group) ?? null })),
    counts: { open: countOnly('open'), growing: countOnly('growing'), settled: countOnly('settled') },
    expiring: Object.fromEntries(
      LETTER_EXPIRY_HOURS.map((hours) => [hours, all.filter((row) => expires(row, hours)).length]),
    ),
    hours: hoursOf(all.flatMap(({ hours }) => hours.map((count, index) => ({ hour: DEATH_HOURS - 1 - index, count })))),
    asOf: snapshot.asOf,
    failures: oneEach(failures),
  };
}

function rowOf(
  ctx: Ctx,
  topic: SnapshotTopic,
  { asOf, groups }: Snapshot,
  ledger: LedgerSummary | undefined,
): DeadLetterGroupRow {
  const { name, queues, partial } = topic;
  const group = groups.get(name.slice(DLQ_PREFIX.length));
  const { values, unknown } = toWire({ count: keptOf(topic, asOf) }, { count: partial });
  const states = ledger?.states ?? {};
  const handled = countOf(states, STATES_OF.handled);
  const redriven = countOf(states, STATES_OF.redriven);
  const hours = ledger?.hours ?? [];
  const times = [...(ledger?.oldest.values() ?? [])];
  return {
    group: name.slice(DLQ_PREFIX.length),
    status: group?.status ?? null,
    rule: group?.rule ?? null,
    ...values,
    open: values.count === null ? null : Math.max(0, values.count - handled - redriven),
    handled,
    redriven,
    consumed: states.consumed ?? 0,
    lastHour: hours.at(-1) ?? 0,
    hours,
    cause: ledger?.cause ? maskCause(maskOfAny(ctx, { topic: name }, ledger.origins), ledger.cause) : null,
    originTopics: ledger?.origins.filter((topic) => topic !== null) ?? [],
    read: ledger?.read ?? 0,
    perBroker: perBrokerOf(queues),
    oldestAt: times.length > 0 ? Math.min(...times) : null,
    newestAt: lastStoredOf(topic),
    expiresAt: openExpiryOf(ctx, ledger),
    lastJob: null,
    unknown,
  };
}

/**
 * When the first open letter may go: none on a broker is older than its oldest letter, nor than the oldest open one of the
 * group. Exact where all brokers keep letters for equally long, else perhaps too early.
 */
function openExpiryOf(ctx: Ctx, ledger: LedgerSummary | undefined): number | null {
  const { oldest, openSince } = ledger ?? { oldest: new Map<string, number>(), openSince: null };
  if (openSince === null) return null;
  return expiryOf(
    ctx,
    [...oldest].map(([broker, storedAt]) => ({ broker, edge: { storedAt: Math.max(storedAt, openSince) } })),
  );
}

async function oldestOf(
  ctx: Ctx,
  group: string,
  { queues }: SnapshotTopic,
): Promise<{ oldestAt: number | null; expiresAt: number | null; failures: Failure[] }> {
  if (isLate(ctx)) return { oldestAt: null, expiresAt: null, failures: [] };
  const { items, failures } = await askBrokers([...new Set(queues.map(({ broker }) => broker))], (broker) =>
    Promise.all(
      queues.filter((queue) => queue.broker === broker).map((queue) => readEdge(ctx, group, queue, 'oldest')),
    ),
  );
  const oldest = items.flatMap(({ broker, value }) => value.map((edge) => ({ broker, edge })));
  const times = oldest.flatMap(({ edge }) => edge?.storedAt ?? []);
  return { oldestAt: times.length > 0 ? Math.min(...times) : null, expiresAt: expiryOf(ctx, oldest), failures };
}

async function lastJobs({ store, cluster }: Ctx, groups: readonly string[]) {
  const rows = await store.db
    .selectFrom('operation')
    .select(['id', 'kind', 'state', 'createdAt as at', 'group'])
    .where('cluster', '=', cluster)
    .where('group', 'in', groups)
    .where('kind', 'in', LEDGER_JOB_KINDS)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('operation')
        .select((max) => max.fn.max('id').as('id'))
        .where('cluster', '=', cluster)
        .where('kind', 'in', LEDGER_JOB_KINDS)
        .groupBy('group'),
    )
    .execute();
  return new Map(rows.map(({ group, ...job }) => [group, job]));
}
