import type { GroupMember, Said } from '@/lib/contract/groups';
import { isKnown } from '@/lib/contract/primitives';
import type { LagAge } from '../lag/age';
import { severityOf } from '../lag/evaluate';
import { type Direction, type GroupFlow, keepsUp, type WorstQueue } from '../lag/rates';
import type { SnapshotGroup } from '../snapshot/snapshot';

export interface SentenceFacts {
  group: Pick<SnapshotGroup, 'status' | 'mode' | 'lag' | 'queues' | 'members' | 'retriesDue'>;
  flow: GroupFlow;
  age: LagAge | undefined;
  members: readonly Pick<GroupMember, 'clientId' | 'queues'>[];
}

/** Less than this times its even part is no worst queue but a fair one. */
const UNEVEN = 1.5;

/**
 * What is true of the group now, as clauses to be read one after the other: status and how far behind, rates and
 * direction, the queue with most lag and who reads it, and whether it drains.
 */
export function sentenceOf(facts: SentenceFacts): Said[] {
  const { group } = facts;
  if (group.mode === 'BROADCASTING')
    return [say('broadcast', { members: isKnown(group.members) ? group.members.value : -1 })];
  const head = headOf(facts);
  const lag = isKnown(group.lag) ? group.lag.value : null;
  if (lag === null || group.queues.length === 0) return [head, say('end')];
  if (lag === 0) return [head, ...rates(facts, false), ...inFlight(facts), say('end')];
  if (facts.flow.queues.every(({ queue }) => keepsUp(queue)))
    return [head, ...rates(facts, true, 'steady'), ...inFlight(facts), say('end')];
  const isRead = group.status !== 'NO_MEMBERS' && group.status !== 'FROZEN';
  return [
    head,
    ...rates(facts, true),
    ...place(facts, isRead),
    ...inFlight(facts),
    say('end'),
    ...(isRead ? drain(facts) : []),
  ];
}

const say = (key: string, params: Said['params'] = {}): Said => ({ key, params });

function headOf({ group, age }: SentenceFacts): Said {
  const { status, lag, retriesDue } = group;
  if (!isKnown(lag)) return say('lag_unknown', { status, reason: lag.unknown });
  if (lag.value === 0 && isKnown(retriesDue) && retriesDue.value > 0 && severityOf(status) > severityOf('UNKNOWN'))
    return say('retries_left', { status, due: retriesDue.value });
  if (lag.value === 0) return say('caught_up', { status });
  const isAged = age !== undefined && isKnown(age.lagMs);
  const params = {
    status,
    lag: lag.value,
    ageMs: isAged && isKnown(age.lagMs) ? age.lagMs.value : 0,
    age: !isAged ? 'unknown' : age.isExact ? 'exact' : 'about',
  };
  if (status === 'NO_MEMBERS') return say('no_members', params);
  if (status === 'FROZEN') return say('frozen', params);
  return say('behind', params);
}

function rates({ flow }: SentenceFacts, withDirection: boolean, told?: Direction): Said[] {
  const { inPerS, outPerS, direction } = flow;
  if (!isKnown(inPerS) || !isKnown(outPerS) || !isKnown(direction)) return [say('rates_unknown')];
  return [
    say('rates', {
      inPerS: inPerS.value,
      outPerS: outPerS.value,
      direction: withDirection ? (told ?? direction.value) : 'none',
      partial: flow.partial ? 'yes' : 'no',
    }),
  ];
}

function place(facts: SentenceFacts, isRead: boolean): Said[] {
  const { worst, queues } = facts.flow;
  if (!worst) return [];
  if (queues.length > 1 && worst.share * queues.length < UNEVEN) return [say('even', { queues: queues.length })];
  return [
    say('worst', {
      queue: `${worst.broker}/${worst.queueId}`,
      share: queues.length === 1 ? 'all' : 'part',
      ofLagShare: worst.share,
    }),
    ...(isRead ? reader(facts, worst) : []),
  ];
}

/** Of a POP group the offset moves when a message is handed out: until it is acknowledged it is in flight. */
function inFlight({ group, members }: SentenceFacts): Said[] {
  if (group.mode !== 'POP') return [];
  const counts = members.flatMap(({ queues }) => queues?.flatMap(({ cached }) => cached ?? []) ?? []);
  const count = counts.reduce((sum, cached) => sum + cached, 0);
  return count > 0 ? [say('in_flight', { inFlight: count })] : [];
}

function reader({ group, members }: SentenceFacts, worst: WorstQueue): Said[] {
  if (group.mode === 'POP') return [say('reader_pop')];
  const holder = holderOf(members, worst);
  if (holder) {
    const others = (holder.queues ?? []).filter(({ topic }) => !topic.startsWith('%RETRY%')).length - 1;
    return [say('reader', { clientId: holder.clientId, others })];
  }
  const isCertain = members.length > 0 && members.every(({ queues }) => queues !== null);
  return [say(isCertain ? 'reader_none' : 'reader_unknown')];
}

/** The member that says it holds the queue. */
export function holderOf<M extends Pick<GroupMember, 'queues'>>(
  members: readonly M[],
  { topic, broker, queueId }: Pick<WorstQueue, 'topic' | 'broker' | 'queueId'>,
): M | undefined {
  return members.find(({ queues }) =>
    queues?.some((queue) => queue.topic === topic && queue.broker === broker && queue.queueId === queueId),
  );
}

/** A group that keeps up has a little lag at any moment: what it is to drain is told where it is trouble. */
function drain({ group: { status }, flow: { drainMs } }: SentenceFacts): Said[] {
  if (!isKnown(drainMs)) return [];
  if (drainMs.value === 'never') return status === 'OK' || status === 'UNKNOWN' ? [] : [say('drains_never')];
  return drainMs.value > 0 ? [say('drains', { drainMs: drainMs.value })] : [];
}
