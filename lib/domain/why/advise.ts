import type { GroupMember, Said } from '@/lib/contract/groups';
import { isKnown } from '@/lib/contract/primitives';
import type { Advice, AdviceOption } from '@/lib/contract/why';
import { holderOf } from '../groups/sentence';
import { drainMsOf, keepsUp, lagOfQueue } from '../lag/rates';
import type { SnapshotGroupQueue } from '../snapshot/snapshot';
import { HOT_INFLOW, HOT_SHARE } from './check-queues';
import { type Evidence, queueName } from './evidence';

interface QueueLoad {
  lag: number;
  inPerS: number;
  /** Client id of its reader, where it is known. */
  holder: string | null;
  /** Messages per second that nothing raises; null where more readers or threads may read more. */
  atMost: number | null;
}
interface Load {
  queues: QueueLoad[];
  members: number;
  /** What one member reads per second when it has enough to read. */
  perMember: number;
}

type Drain = number | 'never';

/**
 * What more members, more threads or more queues would change for the backlog, at the rates seen now. A queue has one
 * reader, so members beyond the number of queues change nothing; new queues take only new messages.
 */
export function advise(evidence: Evidence): Advice {
  const { flow, group } = evidence;
  const drainMs = isKnown(flow.drainMs) ? flow.drainMs.value : null;
  const none = (key: string, params: Said['params'] = {}): Advice => ({
    verdict: { key, params },
    drainMs,
    options: [],
  });
  if (group.mode === 'BROADCASTING') return none('broadcast');
  if (!isKnown(group.lag)) return none('lag_unknown', { reason: group.lag.unknown });
  if (group.lag.value === 0) return none('nothing_waits');
  if (flow.queues.every(({ queue }) => keepsUp(queue))) return none('keeps_up');
  if (group.status === 'FROZEN') return none('frozen');
  if (group.status === 'NO_MEMBERS') return none('no_members');
  if (!isKnown(group.members)) return none('members_unknown', { reason: group.members.unknown });
  const load = loadOf(evidence, group.members.value);
  if (load === 'members_unknown') return none(load, { reason: load });
  if (typeof load === 'string') return none(load);
  const now = presentDrain(load);
  const options = [
    membersOption(evidence, load, now),
    threadsOption(evidence, load, now),
    ...(group.mode === 'POP' ? [] : [queuesOption(evidence, load, now)]),
  ];
  const best = options
    .filter(({ effect, drainMs: ms }) => effect === 'helps' && ms !== null)
    .sort((a, b) => order(a.drainMs) - order(b.drainMs))[0];
  if (best) return { verdict: { key: `best_${best.kind}`, params: best.params }, drainMs, options };
  const isOpen = options.some(({ effect }) => effect === 'unknown');
  return { verdict: { key: isOpen ? 'not_sure' : 'nothing_helps', params: {} }, drainMs, options };
}

const order = (drain: Drain | null): number => (typeof drain === 'number' ? drain : Number.POSITIVE_INFINITY);

/** The load, or the key of why nothing can be computed. */
function loadOf({ flow, members }: Evidence, count: number): Load | string {
  if (count === 0) return 'members_unknown';
  const queues: QueueLoad[] = [];
  for (const { queue, flow: own } of flow.queues) {
    if (!isKnown(own.inPerS)) return 'rates_unknown';
    const holder = holderOf(members, queue);
    queues.push({
      lag: lagOfQueue(queue),
      inPerS: own.inPerS.value,
      holder: holder?.clientId ?? null,
      atMost: hasOwnThread(queue, holder, flow) && isKnown(own.outPerS) ? own.outPerS.value : null,
    });
  }
  if (!isKnown(flow.outPerS) || flow.partial) return 'rates_unknown';
  if (flow.outPerS.value === 0) return 'stands_still';
  const behind = saturated(members, flow);
  const perMember = behind.length > 0 ? mean(behind) : flow.outPerS.value / Math.min(count, queues.length);
  if (perMember === 0) return 'stands_still';
  return { queues, members: count, perMember };
}

const isBehind = ({ samples }: SnapshotGroupQueue): boolean => samples.every(({ max, committed }) => max > committed);

/** Read in order, by a thread that had always something to read and no other queue to look after: as fast as it gets. */
function hasOwnThread(
  queue: SnapshotGroupQueue,
  holder: GroupMember | undefined,
  { queues }: Evidence['flow'],
): boolean {
  if (!holder?.running?.orderly || !isBehind(queue)) return false;
  const behind = queues.filter((each) => isBehind(each.queue) && holderOf([holder], each.queue)).length;
  return behind <= (holder.running.threadsMax ?? 1);
}

/** Rates of the members that always had something to read: what they can do. */
function saturated(members: Evidence['members'], flow: Evidence['flow']): number[] {
  return members.flatMap(({ queues }) => {
    const held = flow.queues.filter(({ queue }) =>
      queues?.some(
        (each) => each.topic === queue.topic && each.broker === queue.broker && each.queueId === queue.queueId,
      ),
    );
    const out = held.reduce((sum, { flow: own }) => sum + (isKnown(own.outPerS) ? own.outPerS.value : 0), 0);
    return out > 0 && held.some(({ queue }) => isBehind(queue)) ? [out] : [];
  });
}

/** As the queues are held now. */
function presentDrain(load: Load): Drain {
  const holders = new Set(load.queues.map(({ holder }) => holder));
  if (holders.has(null)) return evenDrain(load, load.members);
  return slowestOf(
    [...holders].map((holder) =>
      readerDrain(
        load,
        load.queues.filter((queue) => queue.holder === holder),
      ),
    ),
  );
}

/** A reader that has done with one of its queues has more time for the others. */
const readerDrain = ({ perMember }: Load, own: readonly QueueLoad[]): Drain =>
  slowestOf([
    drainMsOf(sum(own.map(({ lag }) => lag)), sum(own.map(({ inPerS }) => inPerS)), perMember),
    ...own.flatMap(({ lag, inPerS, atMost }) => (atMost === null ? [] : [drainMsOf(lag, inPerS, atMost)])),
  ]);

const slowestOf = (drains: readonly Drain[]): Drain =>
  drains.includes('never') ? 'never' : Math.max(0, ...drains.map(order));

/** Queues in order over the members as `AllocateMessageQueueAveragely` does; a member reads its own, the slowest ends last. */
function evenDrain(load: Load, members: number): Drain {
  const { queues } = load;
  const readers = Math.min(members, queues.length);
  const drains: Drain[] = [];
  for (let reader = 0, from = 0; reader < readers; reader++) {
    const size = Math.floor(queues.length / readers) + (reader < queues.length % readers ? 1 : 0);
    const own = queues.slice(from, from + size);
    from += size;
    drains.push(readerDrain(load, own));
  }
  return slowestOf(drains);
}

/** A change that saves less than this part of the time is none. */
const WORTH = 0.9;
const helps = (now: Drain, then: Drain): boolean => order(then) < WORTH * order(now) && then !== 'never';

function membersOption({ group, flow }: Evidence, load: Load, now: Drain): AdviceOption {
  const queues = load.queues.length;
  const isPop = group.mode === 'POP';
  const base = { kind: 'members' as const, drainMs: null };
  if (!isPop && load.members >= queues)
    return { ...base, key: 'members_beyond', effect: 'nothing', params: { members: load.members, queues } };
  const most = isPop ? load.members * 2 : queues;
  const worst = flow.worst;
  for (let to = load.members + 1; to <= most; to++) {
    const then = isPop ? popDrain(load, to) : evenDrain(load, to);
    // The first step that is worth it, and that makes the rest of the journey short.
    if (helps(now, then) && (to >= load.members * 2 || to === most || order(then) <= 0.5 * order(now)))
      return {
        ...base,
        key: 'members_help',
        effect: 'helps',
        drainMs: then,
        params: { from: load.members, to, drainMs: order(then) },
      };
  }
  const params = { queue: worst ? queueName(worst) : '', ofLagShare: worst?.share ?? 0, queues };
  return {
    ...base,
    key: worst && worst.share >= HOT_SHARE ? 'members_hot' : 'members_little',
    effect: 'nothing',
    params,
  };
}

const popDrain = (load: Load, members: number): Drain =>
  readerDrain({ ...load, perMember: load.perMember * members }, load.queues);

function threadsOption(
  { members, threads: seen, group, flow: { worst } }: Evidence,
  load: Load,
  now: Drain,
): AdviceOption {
  const base = { kind: 'threads' as const, drainMs: null };
  const threads = members.flatMap(({ running }) => running?.threadsMax ?? []);
  if (seen.state === 'read' && seen.consume.some(({ kind, count }) => kind === 'blocked' && count > 1))
    return { ...base, key: 'threads_blocked', effect: 'nothing', params: {} };
  if (threads.length === 0) return { ...base, key: 'threads_unknown', effect: 'unknown', params: {} };
  const from = Math.max(...threads);
  if (members.some(({ running }) => running?.orderly)) {
    const most = Math.max(...members.map(({ queues }) => queues?.length ?? 0));
    if (from >= most)
      return { ...base, key: 'threads_orderly', effect: 'nothing', params: { threads: from, queues: most } };
  }
  const doubled = { ...load, perMember: load.perMember * 2 };
  const then = group.mode === 'POP' ? popDrain(doubled, load.members) : presentDrain(doubled);
  const params = { from, to: from * 2, drainMs: order(then) === Number.POSITIVE_INFINITY ? 0 : order(then) };
  if (worst && worst.share >= HOT_SHARE && members.some(({ running }) => running?.orderly) && !helps(now, then))
    return { ...base, key: 'threads_one', effect: 'nothing', params: { queue: queueName(worst) } };
  return helps(now, then)
    ? { ...base, key: 'threads_help', effect: 'helps', drainMs: then, params }
    : { ...base, key: 'threads_little', effect: 'nothing', params };
}

/** Twice the queues, and members to read them: old messages stay where they are. */
function queuesOption({ flow }: Evidence, load: Load, now: Drain): AdviceOption {
  const base = { kind: 'queues' as const, drainMs: null };
  const from = load.queues.length;
  const to = from * 2;
  if (load.members < from && helps(now, evenDrain(load, from)))
    return { ...base, key: 'queues_first_members', effect: 'nothing', params: { members: load.members, queues: from } };
  const even = sum(load.queues.map(({ inPerS }) => inPerS)) / from;
  const halved = load.queues.map((queue) =>
    // What comes with one key stays together.
    queue.inPerS > HOT_INFLOW * even ? queue : { ...queue, inPerS: queue.inPerS / 2 },
  );
  const then = evenDrain({ ...load, queues: halved }, from);
  const worst = flow.worst;
  const params = {
    from,
    to,
    queue: worst ? queueName(worst) : '',
    drainMs: order(then) === Number.POSITIVE_INFINITY ? 0 : order(then),
  };
  return helps(now, then)
    ? { ...base, key: 'queues_help', effect: 'helps', drainMs: then, params }
    : { ...base, key: 'queues_little', effect: 'nothing', params };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
