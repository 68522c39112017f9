import type { z } from 'zod';
import type { MessageRow, RetriesReply, RetryMessage, retriesQuery } from '@/lib/contract/messages';
import { figureValue, isKnown } from '@/lib/contract/primitives';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { askBrokers, brokersOf, oneEach, requireSome } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { requireGroupOrLetters } from '../groups/find';
import { isWaitHidden } from '../groups/retries';
import { maskRow } from '../masking/apply';
import { masking } from '../masking/mask';
import { rowOf } from '../messages/row';
import { isPermitted } from '../permission';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { SnapshotGroup } from '../snapshot/snapshot';
import { RETRY_PREFIX } from '../snapshot/system-names';
import { delayLevelsOf, retryOfLevel, rungsOf } from './rungs';
import { scanDue } from './scan-due';
import { scanWaiting } from './scan-waiting';
import { withoutSuperseded } from './supersede';

/**
 * Retries. With a group: its messages waiting for their delay and those due but not taken, read now; due ones first,
 * then by due time, masked where the actor may not read them. Without: every group that has any, from the snapshot.
 * NOT_FOUND for a group nobody knows.
 */
export function listRetries(ctx: Ctx, input: z.output<typeof retriesQuery>): Promise<RetriesReply> | RetriesReply {
  return input.group === undefined ? listGroups(ctx) : listOfGroup(ctx, input.group, input.limit);
}

async function listOfGroup(ctx: Ctx, group: string, limit: number): Promise<RetriesReply> {
  await requireGroupOrLetters(ctx, group);
  const known = ctx.snapshot()?.groups.get(group);
  const maxAttempts = known?.retryMaxTimes == null ? null : known.retryMaxTimes + 1;
  const { brokers, failures } = await brokersOf(ctx);
  const asked = requireSome(
    ctx,
    await askBrokers(brokers, (broker) =>
      Promise.all([scanWaiting(ctx, broker, group), scanDue(ctx, broker, group, limit)]),
    ),
  );
  const unread = oneEach([...failures, ...asked.failures]);
  const mask = masking(ctx, { group });
  const masked = (row: MessageRow) => maskRow(row, mask(row.originTopic));
  const messageOf = (broker: string, record: StoredMessage) => ({
    ...masked(rowOf(broker, record, group)),
    // The first delivery is attempt 1, and the record counts the retries up to the coming one.
    attempt: record.reconsumeTimes + 1,
    maxAttempts,
  });
  const records: RetryMessage[] = [
    ...asked.items.flatMap(({ broker, value: [, due] }) =>
      due.records.map((record) => ({
        ...messageOf(broker, record),
        where: 'due' as const,
        delayLevel: null,
        dueAt: null,
      })),
    ),
    ...asked.items.flatMap(({ value: [scan] }) =>
      scan.records.map(({ broker, level, record, dueAt }) => ({
        ...messageOf(broker, record),
        where: 'waiting' as const,
        delayLevel: level,
        dueAt,
      })),
    ),
  ];
  const messages = withoutSuperseded(records);
  const waiting = messages.filter(({ where }) => where === 'waiting');
  // Of those behind the limit nothing is known but that they are there.
  const notRead = asked.items.reduce((sum, { value: [, { count, records }] }) => sum + count - records.length, 0);
  const due = messages.length - waiting.length + notRead;
  messages.sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0) || a.storedAt - b.storedAt);
  const rungs = rungsOf(
    waiting.map(({ reconsumeTimes, dueAt }) => ({ retry: reconsumeTimes, dueAt })),
    known?.retryMaxTimes ?? null,
    delayLevelsOf(ctx.snapshot()),
  );
  const nextDueAt = rungs.flatMap((rung) => rung.nextDueAt ?? []);
  const isHidden = isWaitHidden(known?.mode, waiting.length);
  const waits = isHidden ? null : waiting.length;
  return {
    group,
    groups: [
      {
        group,
        waiting: waits,
        due,
        nextDueAt: nextDueAt.length > 0 ? Math.min(...nextDueAt) : null,
        deadLetters: known ? figureValue(known.deadLetters) : null,
        maxAttempts,
      },
    ],
    rungs: isHidden ? [] : rungs,
    messages: messages.slice(0, limit),
    complete: unread.length === 0 && asked.items.every(({ value }) => value.every(({ isComplete }) => isComplete)),
    totals: {
      waiting: waits,
      due,
      unknown:
        unread.length > 0
          ? { waiting: 'broker_silent', due: 'broker_silent' }
          : isHidden
            ? { waiting: 'pop_hidden' }
            : undefined,
    },
    asOf: ctx.now(),
    failures: unread,
  };
}

function listGroups(ctx: Ctx): RetriesReply {
  const snapshot = requireSnapshot(ctx);
  const known = [...snapshot.groups.values()].filter(({ system }) => !system);
  const groups = known
    .filter(({ retriesDue, retriesWaiting }) => mayHold(retriesDue) || mayHold(retriesWaiting))
    .map((group) => ({
      group: group.name,
      waiting: figureValue(group.retriesWaiting),
      due: figureValue(group.retriesDue),
      nextDueAt: group.nextRetryAt,
      deadLetters: figureValue(group.deadLetters),
      maxAttempts: group.retryMaxTimes === null ? null : group.retryMaxTimes + 1,
    }))
    .sort((a, b) => (b.waiting ?? 0) + (b.due ?? 0) - (a.waiting ?? 0) - (a.due ?? 0) || (a.group < b.group ? -1 : 1));
  const mayKnow = (topic: string) => isPermitted(ctx.actor, 'metadata:read', { cluster: ctx.cluster, topic });
  const facts = [...snapshot.facts.values()];
  const waiting = facts.flatMap(({ ladder }) =>
    [...ladder.levels].flatMap(([level, rows]) =>
      rows.waiting
        .filter(({ retryTopic }) => retryTopic?.startsWith(RETRY_PREFIX) && mayKnow(retryTopic))
        .map(({ dueAt }) => ({ retry: retryOfLevel(level), dueAt })),
    ),
  );
  const isComplete = facts.every(({ ladder }) => ladder.isComplete);
  const due = known.reduce((sum, { retriesDue }) => sum + (figureValue(retriesDue) ?? 0), 0);
  const reason = snapshot.brokers.some(({ state }) => state === 'silent') ? 'broker_silent' : null;
  const hidden = known.flatMap(({ retriesWaiting }) => (isKnown(retriesWaiting) ? [] : retriesWaiting.unknown))[0];
  const waitingReason = reason ?? (isComplete ? hidden : 'budget');
  return {
    group: null,
    groups,
    rungs: rungsOf(waiting, null, delayLevelsOf(snapshot)),
    messages: [],
    complete: isComplete,
    totals: {
      waiting: waiting.length,
      due,
      unknown: waitingReason ? { waiting: waitingReason, ...(reason ? { due: reason } : {}) } : undefined,
    },
    asOf: snapshot.asOf,
    failures: snapshot.failures,
  };
}

const mayHold = (figure: SnapshotGroup['retriesDue']): boolean => isKnown(figure) && figure.value > 0;
