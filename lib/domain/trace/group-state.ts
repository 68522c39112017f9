import type { TraceReply } from '@/lib/contract/trace';
import type { SubscriptionData } from '@/lib/rocketmq/codec/subscription-data';
import { recordIdOf } from '../messages/record-id';
import type { TraceAttempt } from './attempts';
import { attemptsBefore, type GroupCopies } from './group-copies';
import type { Copy } from './index-search';

export type TraceGroup = TraceReply['groups'][number];
type Note = TraceGroup['note'];

/** Everything known about one message and one group. */
export interface Evidence {
  group: string;
  /** Null: not known, as for clients behind a Proxy. */
  online: boolean | null;
  messageModel: string | null;
  /** To the business topic; null when nobody is connected or it was not told. */
  subscription: Pick<SubscriptionData, 'expressionType' | 'subString' | 'tags'> | null;
  tag: string | null;
  /** The record in the business topic; null when it is gone or was not found. */
  origin: Copy | null;
  /** It has not reached its topic: a half message, or one whose delay is not over. */
  isParked: boolean;
  /** On the queue of `origin`: undefined when it could not be read, null when the broker has none. */
  committed: number | null | undefined;
  copies: GroupCopies;
  /** Of `copies.schedule`, those that still wait, with their due times. */
  waiting: { copy: Copy; dueAt: number | null }[];
  /** Of `copies.retry`, those not taken yet, with how many are before them. */
  due: { copy: Copy; ahead: number }[];
  attempts: TraceAttempt[];
}

/** What became of the message in this group: the latest thing that is certain wins. */
export function judgeGroup(evidence: Evidence): TraceGroup {
  const { group, online, attempts, copies } = evidence;
  const lastDead = latest(copies.dead);
  const { state, note = null, dueAt = null } = verdict(evidence, lastDead);
  return {
    group,
    state,
    note,
    online,
    attempts,
    dead: lastDead && {
      at: lastDead.record.storedAt,
      id: recordIdOf({ broker: lastDead.broker, physicalOffset: lastDead.record.physicalOffset }),
      attempts: attemptsBefore(lastDead.record),
    },
    dueAt,
  };
}

interface Verdict {
  state: TraceGroup['state'];
  note?: Note;
  dueAt?: number | null;
}

function verdict(evidence: Evidence, lastDead: Copy | null): Verdict {
  const { attempts, waiting, due, copies, messageModel } = evidence;
  const nextWait = waiting[0];
  if (nextWait) {
    const attempt = nextWait.copy.record.reconsumeTimes + 1;
    return { state: 'waiting_retry', note: { key: 'waiting', params: { attempt } }, dueAt: nextWait.dueAt };
  }
  const diedAt = lastDead?.record.storedAt ?? Number.NEGATIVE_INFINITY;
  const success = attempts.find((each) => each.result === 'success' && (each.startedAt ?? 0) >= diedAt);
  if (success) return { state: 'consumed' };
  const running = attempts.at(-1)?.result === 'running' ? attempts.at(-1) : undefined;
  const firstDue = due[0];
  if (firstDue) {
    const attempt = firstDue.copy.record.reconsumeTimes + 1;
    const note: Note = running
      ? { key: 'running', params: { attempt: running.attempt } }
      : { key: 'retry_ahead', params: { attempt, ahead: firstDue.ahead } };
    return { state: 'retry_due', note, dueAt: firstDue.copy.record.storedAt };
  }
  if (lastDead) {
    const again = latest(copies.retry.filter(({ record }) => record.storedAt > diedAt));
    const jobId = again?.record.properties.RDX_OP;
    if (!again) return { state: 'dead', note: { key: 'dead', params: { attempts: attemptsBefore(lastDead.record) } } };
    return {
      state: 'passed',
      note: { key: jobId ? 'passed_after_redrive' : 'passed_untraced', params: { jobId: jobId ?? '' } },
    };
  }
  if (attempts.some((each) => each.result === 'success')) return { state: 'consumed' };
  const lastRetry = latest(copies.retry);
  if (lastRetry) {
    const attempt = lastRetry.record.reconsumeTimes + 1;
    return { state: 'passed', note: { key: running ? 'running' : 'passed_after_retry', params: { attempt } } };
  }
  if (messageModel === 'BROADCASTING') return { state: 'broadcast', note: { key: 'broadcast', params: {} } };
  return byOffset(evidence, running);
}

/** From offsets alone: the committed offset says that the group got past the message, not how. */
function byOffset(evidence: Evidence, running: TraceAttempt | undefined): Verdict {
  const { origin, isParked, committed, online, subscription, tag } = evidence;
  const unknown = (key: string): Verdict => ({ state: 'unknown', note: { key, params: {} } });
  if (!origin && isParked) return { state: 'not_yet', note: { key: 'not_published', params: {} } };
  if (!origin) return unknown('no_record');
  if (committed === undefined) return unknown('offset_unread');
  if (running) return { state: 'not_yet', note: { key: 'running', params: { attempt: running.attempt } } };
  if (committed === null)
    return online === false ? { state: 'offline', note: { key: 'no_offset', params: {} } } : unknown('no_offset');
  const ahead = origin.record.queueOffset - committed;
  if (ahead < 0) {
    if (!isFiltered(subscription, tag)) return { state: 'passed', note: { key: 'passed_untraced', params: {} } };
    const wants = subscription?.tags.join(' || ') ?? '';
    if (tag === null) return { state: 'filtered', note: { key: 'filtered_untagged', params: { wants } } };
    return { state: 'filtered', note: { key: 'filtered', params: { wants, tag } } };
  }
  const note = { key: ahead === 0 ? 'next' : 'ahead', params: { ahead } };
  return { state: online === false ? 'offline' : 'not_yet', note };
}

/** By the subscription of today, which need not be that of the moment when the message passed. */
function isFiltered(subscription: Evidence['subscription'], tag: string | null): boolean {
  if (subscription?.expressionType !== 'TAG') return false;
  const { tags, subString } = subscription;
  if (tags.length === 0 || subString === '*' || tags.includes('*')) return false;
  return tag === null || !tags.includes(tag);
}

const latest = (copies: readonly Copy[]): Copy | null =>
  copies.reduce<Copy | null>(
    (last, copy) => (last && last.record.storedAt >= copy.record.storedAt ? last : copy),
    null,
  );
