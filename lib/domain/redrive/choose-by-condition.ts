import type { RedrivePlanInput, RedriveTarget } from '@/lib/contract/plans';
import type { FrozenMarks, SelectionCount } from '@/lib/store/selections';
import type { Ctx } from '../ctx';
import { storedFilter } from '../dead-letters/ledger-words';
import { type OpenLedger, openLedger } from '../dead-letters/open-ledger';
import { readLetterQueues } from '../dead-letters/queues';
import { requireWholeLedger } from '../dead-letters/require-whole-ledger';
import { DomainError } from '../errors';
import { maskOfLetters } from '../masking/mask';
import { viewRecord } from '../messages/view-record';
import { RETRY_PREFIX } from '../snapshot/system-names';
import type { Choice, Skipped } from './choice';
import { type Aim, aimOf, holderFor } from './destination';
import type { FrozenCondition } from './input';
import { refusalOfTopic } from './other-topic';
import { MAX_LETTERS } from './selection';
import { findHolders } from './targets';

type Condition = Omit<FrozenCondition, 'holders' | 'count' | 'brokers'> & Pick<OpenLedger, 'failures'>;

const SAMPLES = 3;

/**
 * What tells the letters of a selection from others, in the ledger; null when a list holds them. INVALID while the ledger
 * has not read all: what it does not know it cannot choose; and for a POP group, whose letters say one by one where to.
 */
export async function conditionOf(
  ctx: Ctx,
  { group, select, target }: RedrivePlanInput,
  isPopGroup: boolean,
): Promise<Condition | null> {
  if ('ids' in select) return null;
  const most = ctx.listLetters ?? MAX_LETTERS;
  if ('all' in select) {
    const { queues } = await readLetterQueues(ctx, group);
    if (queues.reduce((sum, { minOffset, maxOffset }) => sum + maxOffset - minOffset, 0) <= most) return null;
  }
  const ledger = await openLedger(ctx, group);
  const { groupId, failures } = ledger;
  const filter = 'filter' in select ? storedFilter(select.filter, await maskOfLetters(ctx, group), ctx.now()) : {};
  const count = await ctx.store.letters.count(groupId, filter);
  if (count <= most && 'filter' in select) return null;
  await requireWholeLedger(ctx, group, ledger);
  if (isPopGroup && target.kind === 'group')
    throw new DomainError('INVALID', 'too_many_letters', { count, max: most, group });
  const marks = await marksNow(ctx, group);
  return { groupId, filter, upToId: await ctx.store.selections.newest(), asOf: ctx.now(), marks, failures };
}

async function marksNow({ store: { handled }, cluster }: Ctx, group: string): Promise<FrozenMarks> {
  const [{ single }, all] = await Promise.all([handled.newest(), handled.watermarks(cluster, group)]);
  return {
    single,
    all: all.map(({ broker, queueId, belowOffset, lastPhyOffset }) => ({
      broker,
      queueId,
      belowOffset,
      lastPhyOffset,
    })),
  };
}

/** Letters that a condition lets through: counted in the ledger, and read when they are sent. */
export async function chooseByCondition(ctx: Ctx, input: RedrivePlanInput, given: Condition): Promise<Choice> {
  const { group, target } = input;
  const { failures: silent, ...condition } = given;
  const needsOrigin = target.kind !== 'topic';
  const counts = await ctx.store.selections.counts({ ...condition, needsOrigin });
  const sent = counts.filter((each) => reasonAgainst(each, needsOrigin) === null);
  const aims = [...new Set(sent.map(({ originTopic }) => originTopic))].map((topic) => aimAt(topic, group, target));
  const unfit = target.kind === 'topic' ? refusalOfTopic(ctx, target.topic) : null;
  const { holders, refused, isFifo, failed } = unfit
    ? { holders: new Map(), refused: unfit, isFifo: false, failed: [] }
    : await findHolders(ctx, group, aims);
  const byTopic = new Map<string, number>();
  for (const { originTopic, count } of sent) {
    const { topic } = aimAt(originTopic, group, target);
    byTopic.set(topic, (byTopic.get(topic) ?? 0) + count);
  }
  const count = sumOf(sent, 'count');
  const first = await ctx.store.selections.first({ ...condition, needsOrigin }, SAMPLES);
  const sources = new Set(sent.map(({ broker }) => broker));
  return {
    count,
    bytes: sumOf(sent, 'bytes'),
    oldest: first[0] ?? null,
    counts: byTopic,
    aims,
    sources,
    targets: new Set(
      sent.flatMap(({ originTopic, broker }) => {
        const held = holders.get(aimAt(originTopic, group, target).topic);
        return holderFor([...(held?.keys() ?? [])], broker) ?? [];
      }),
    ),
    holders,
    refused,
    isFifo,
    skipped: skippedOf(counts, needsOrigin),
    sample: await sampleLetters(ctx, input, first),
    loose: null,
    isMarkersComplete: false,
    silent,
    failures: failed,
    frozen: {
      letters: [],
      condition: {
        ...condition,
        count,
        brokers: [...sources],
        holders: Object.fromEntries([...holders].map(([topic, held]) => [topic, Object.fromEntries(held)])),
      },
    },
  };
}

function aimAt(originTopic: string | null, group: string, target: RedriveTarget): Aim {
  if (target.kind === 'topic') return { destination: 'topic', topic: target.topic, originTopic };
  if (target.kind === 'origin') return { destination: 'topic', topic: originTopic ?? '', originTopic };
  return { destination: 'retry', topic: RETRY_PREFIX + group, originTopic };
}

/** Why letters are not sent; null: they are. What nobody knows the outcome of is decided one by one. */
export function reasonAgainst(
  { state, originTopic, isEmpty, isOlder }: SelectionCount,
  needsOrigin: boolean,
): string | null {
  if (isOlder === 1) return 'older_copy';
  if (state === 'handled') return 'handled';
  if (state === 'unknown') return 'unknown_outcome';
  if (state !== 'dead' && state !== 'dead_again') return 'already_redriven';
  if (needsOrigin && originTopic === null) return 'no_origin_topic';
  return isEmpty === 1 ? 'empty_body' : null;
}

function skippedOf(counts: readonly SelectionCount[], needsOrigin: boolean): Skipped[] {
  const sums = new Map<string, number>();
  for (const each of counts) {
    const reason = reasonAgainst(each, needsOrigin);
    if (reason !== null) sums.set(reason, (sums.get(reason) ?? 0) + each.count);
  }
  return [...sums].map(([reason, count]) => ({ id: '', reason, jobId: null, count }));
}

async function sampleLetters(
  ctx: Ctx,
  { group, target }: RedrivePlanInput,
  places: readonly { broker: string; phyOffset: number }[],
): Promise<Choice['sample']> {
  const read = places.map(async ({ broker, phyOffset }) => {
    const record = await viewRecord(ctx, { broker, physicalOffset: phyOffset });
    const aim = record && aimOf({ broker, record }, group, target, false);
    return record && aim ? [{ letter: { broker, record }, aim }] : [];
  });
  const seen = await Promise.allSettled(read);
  return seen.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
}

const sumOf = (counts: readonly SelectionCount[], field: 'count' | 'bytes'): number =>
  counts.reduce((sum, each) => sum + each[field], 0);
