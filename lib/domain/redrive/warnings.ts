import type { RedrivePlan, RedrivePlanInput, RedriveTarget, Warning } from '@/lib/contract/plans';
import type { Ctx } from '../ctx';
import { expiryOf } from '../dead-letters/edge-times';
import type { TopicType } from '../snapshot/snapshot';
import { waitingFor } from './brake';
import type { Choice } from './choice';
import type { LiveMembers } from './cluster-facts';

const NAMED = 5;
const MINUTE_MS = 60_000;

export interface PlanFacts {
  group: string;
  target: RedriveTarget;
  /** Of the topic that was named. */
  type: TopicType | null;
  choice: Choice;
  /** Whether the group itself receives the copies. */
  judged: boolean;
  members: LiveMembers;
  /** Brokers that keep no index, so that nothing is seen of copies that fail again. */
  blind: readonly string[];
  receivers: RedrivePlan['receivers'];
  input: Pick<RedrivePlanInput, 'canary' | 'lagLimit' | 'newIds'>;
  /** Messages a second. */
  rate: number;
}

type Add = (severity: Warning['severity'], key: string, params?: Warning['params']) => void;

/** What to know before a redrive, the gravest first of its kind. */
export function warningsOf(ctx: Ctx, facts: PlanFacts): Warning[] {
  const { group, choice, judged } = facts;
  const warnings: Warning[] = [];
  const add: Add = (severity, key, params = {}) => warnings.push({ key, severity, params });
  warnOfReceivers(add, facts);
  if (judged) warnOfGroup(ctx, add, facts);
  if (choice.aims.some(({ destination }) => destination === 'pop')) add('warning', 'pop_retry', { group });
  if (facts.blind.length > 0) add('warning', 'brake_blind', { brokers: facts.blind.join(', ') });
  warnOfExpiry(ctx, add, facts);
  if (!choice.isMarkersComplete) add('warning', 'markers_unchecked');
  add('note', noteOfIds(facts), { count: choice.count });
  return warnings;
}

function noteOfIds({ judged, input }: PlanFacts): string {
  if (input.newIds) return 'new_ids';
  return judged ? 'consumed_again' : 'same_id';
}

function warnOfReceivers(add: Add, { group, target, type, choice, judged, receivers }: PlanFacts): void {
  const others = receivers.filter((receiver) => receiver.group !== group);
  const reached = { count: others.length, groups: namesOf(others) };
  if (target.kind === 'origin') {
    if (others.length > 0) add('critical', 'reaches_others', reached);
    if (!receivers.some((receiver) => receiver.group === group)) add('warning', 'group_not_subscribed', { group });
  }
  if (target.kind !== 'topic') return;
  const { topic } = target;
  if (others.length > 0) add('warning', 'topic_reaches', { ...reached, topic });
  else if (receivers.length === 0) add('warning', 'topic_nobody', { topic });
  if (!judged) add('warning', 'not_judged', { group, topic });
  if (type === 'FIFO') {
    if (choice.loose === null) add('warning', 'topic_fifo_many', { topic });
    else add('warning', 'topic_fifo', { topic, count: choice.loose });
  }
  if (type === 'DELAY') add('warning', 'topic_delay', { topic });
  if (type === 'TRANSACTION') add('warning', 'topic_transaction', { topic });
}

function warnOfGroup(ctx: Ctx, add: Add, { group, target, members, input, choice }: PlanFacts): void {
  // A client that says how it consumes speaks Remoting, and reads the retry topic.
  const isSeen = members.online !== null && members.online > 0 && members.orderly !== null;
  if (choice.isFifo && !isSeen) add('critical', 'fifo_retry', { group });
  if (members.online === 0 && input.canary) add('warning', 'canary_alone', { group });
  else if (members.online === 0) add('note', 'no_members', { group });
  const lag = waitingFor(ctx, group);
  if (input.lagLimit && lag !== null && lag > input.lagLimit) add('warning', 'lag_over_limit', { group, lag });
  if (target.kind === 'group' && members.orderly === null) add('warning', 'orderly_unknown', { group });
  if (ctx.snapshot()?.groups.get(group)?.consumeEnabled === false) add('warning', 'consume_disabled', { group });
}

/** What retention takes before its turn is not sent, and counted as expired. */
function warnOfExpiry(ctx: Ctx, add: Add, { choice: { oldest, count }, rate }: PlanFacts): void {
  const expiresAt = oldest && expiryOf(ctx, [{ broker: oldest.broker, edge: oldest }]);
  if (expiresAt === null) return;
  const leftMs = expiresAt - ctx.now();
  const takesMs = (count / rate) * 1000;
  if (leftMs > takesMs) return;
  add('warning', 'expires_meanwhile', {
    left: Math.max(0, Math.floor(leftMs / MINUTE_MS)),
    takes: Math.ceil(takesMs / MINUTE_MS),
  });
}

const namesOf = (receivers: readonly { group: string }[]): string =>
  receivers
    .slice(0, NAMED)
    .map(({ group }) => group)
    .join(', ');
