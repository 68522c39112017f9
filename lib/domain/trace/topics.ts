import type { Ctx } from '../ctx';
import { DLQ_PREFIX, RETRY_PREFIX, SCHEDULE_TOPIC } from '../snapshot/system-names';
import type { Copy } from './index-search';

export const DEFAULT_TRACE_TOPIC = 'RMQ_SYS_TRACE_TOPIC';
const HALF_TOPICS = ['RMQ_SYS_TRANS_HALF_TOPIC', 'RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC'];
export const TIMER_TOPIC = 'rmq_sys_wheel_timer';

export interface TopicSets {
  /** Where clients write their traces; empty when no broker has such a topic. */
  trace: string[];
  business: string[];
  /** Retry and dead-letter topics of all groups. */
  internal: string[];
  /** Where messages are parked on their way. */
  parking: string[];
}

/** The topics a message can be looked for in. Without a snapshot there are no names to ask for but the fixed ones. */
export function topicSetsOf(ctx: Pick<Ctx, 'snapshot'>): TopicSets {
  const snapshot = ctx.snapshot();
  const parking = [SCHEDULE_TOPIC, ...HALF_TOPICS, TIMER_TOPIC];
  if (!snapshot) return { trace: [DEFAULT_TRACE_TOPIC], business: [], internal: [], parking };
  const configured = snapshot.brokers.flatMap(({ traceTopic }) => traceTopic ?? []);
  const trace = [...new Set([DEFAULT_TRACE_TOPIC, ...configured])].filter((name) => snapshot.topics.has(name));
  const business: string[] = [];
  const internal: string[] = [];
  for (const { name, type } of snapshot.topics.values()) {
    if (type === 'RETRY' || type === 'DLQ') internal.push(name);
    else if (type !== 'SYSTEM' && !trace.includes(name)) business.push(name);
  }
  const known = parking.filter((name) => name === SCHEDULE_TOPIC || snapshot.topics.has(name));
  return { trace, business, internal, parking: known };
}

export type TopicRole = 'business' | 'retry' | 'waiting' | 'dead' | 'parked';
export function roleOf(topic: string): TopicRole {
  if (topic.startsWith(DLQ_PREFIX)) return 'dead';
  if (topic.startsWith(RETRY_PREFIX)) return 'retry';
  if (topic === SCHEDULE_TOPIC) return 'waiting';
  return HALF_TOPICS.includes(topic) || topic === TIMER_TOPIC ? 'parked' : 'business';
}

/** A copy on its way to the business topic: half, timed, or delayed by its sender. */
export function isParked({ record: { topic, properties } }: Copy): boolean {
  const role = roleOf(topic);
  return role === 'parked' || (role === 'waiting' && !(properties.REAL_TOPIC ?? '').startsWith(RETRY_PREFIX));
}
