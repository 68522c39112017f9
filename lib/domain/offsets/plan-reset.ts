import type { z } from 'zod';
import type { ResetPlan, ResetPlanInput, resetPlanQueue, Warning } from '@/lib/contract/plans';
import type { Failure } from '@/lib/contract/primitives';
import { failureOf, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { findGroup } from '../groups/find';
import type { PlanDraft } from '../jobs/job-spec';
import { isSystemGroup } from '../snapshot/system-names';
import { driftTolerance, moveOf, needsTyping, totalsOf } from './arithmetic';
import { topicOf } from './choose-topic';
import { type GroupClients, groupClients, queueHolders } from './group-clients';
import { type GroupTopic, type QueueName, queueKey, readPosition } from './read-queue';
import { refusalOf } from './refusal';
import { topicQueues } from './route';
import { takesExplicitOffsets } from './server-side';
import { checkQueues, checkReached, checkTime, type Explicit, storedAt, targetOf } from './target';
import { undoSource } from './undo';
import { planWarnings } from './warnings';

type PlanQueue = z.infer<typeof resetPlanQueue>;

/** What a reset would do to every queue of the topic, read from the masters now (safety §5.7). Changes nothing. */
export async function planReset(ctx: Ctx, { group, topic: asked, to }: ResetPlanInput): Promise<PlanDraft<ResetPlan>> {
  checkTime(ctx, to);
  if (isSystemGroup(group)) throw new DomainError('INVALID', 'system_group', { name: group });
  await findGroup(ctx, group);
  const undo = to.kind === 'undo' ? await undoSource(ctx, group, to.jobId) : null;
  const names: GroupTopic = { group, topic: undo?.topic ?? topicOf(ctx, group, asked) };
  const { queues: existing, missing } = await topicQueues(ctx, names.topic);
  await checkReached(ctx, names.topic, existing, to);
  const explicit =
    undo?.offsets ??
    checkQueues(
      to,
      existing,
      missing.map(({ broker }) => broker),
    );
  const chosen = explicit ? existing.filter((queue) => explicit.has(queueKey(queue))) : existing;

  const clients = await groupClients(ctx, group);
  const [{ holders, isOrderly }, paths, read] = await Promise.all([
    queueHolders(ctx, group, names.topic, clients.clients),
    readPaths(ctx, chosen, clients),
    readQueues(ctx, names, chosen, to, explicit),
  ]);
  const failures = oneEach([...missing, ...paths.failures, ...read.failures]);
  const queues: PlanQueue[] = read.queues.map((queue) => ({
    ...queue,
    clientId: holders.get(queueKey(queue))?.clientId ?? null,
    path: paths.byBroker.get(queue.broker) ?? null,
  }));
  const known = ctx.snapshot()?.groups.get(group);
  const windows = (known?.queues ?? []).filter(({ topic }) => topic === names.topic).map(({ samples }) => samples);
  return {
    kind: 'reset',
    ...names,
    to: {
      kind: to.kind,
      at: to.kind === 'timestamp' ? to.at : null,
      jobId: to.kind === 'undo' ? to.jobId : null,
    },
    queues,
    totals: totalsOf(queues),
    members: clients.members,
    driftTolerance: driftTolerance(windows),
    unknown: clients.members === null ? { members: 'members_unknown' } : undefined,
    confirm: needsTyping(queues) ? group : null,
    warnings: planWarnings({ queues, clients, isOrderly, known, undo, explicit }),
    refused: refusalOf({ queues, clients, failures, isUndo: undo !== null }),
    cluster: ctx.cluster,
    asOf: ctx.now(),
    failures,
  };
}

/** `server` where the broker takes explicit offsets; `offset` where it does not and nobody is online; null where neither works. */
async function readPaths(ctx: Ctx, queues: readonly QueueName[], { members }: GroupClients) {
  const byBroker = new Map<string, 'server' | 'offset' | null>();
  const failures: Failure[] = [];
  await Promise.all(
    [...new Set(queues.map(({ broker }) => broker))].map(async (broker) => {
      try {
        const isServerSide = await takesExplicitOffsets(ctx, broker);
        byBroker.set(broker, isServerSide ? 'server' : members === 0 ? 'offset' : null);
      } catch (error) {
        failures.push(failureOf(broker, error));
      }
    }),
  );
  return { byBroker, failures };
}

async function readQueues(
  ctx: Ctx,
  names: GroupTopic,
  chosen: readonly QueueName[],
  to: ResetPlanInput['to'],
  explicit: Explicit | null,
) {
  const failures: Failure[] = [];
  const read = await Promise.all(
    chosen.map(async (queue) => {
      try {
        return [await readQueue(ctx, names, queue, to, explicit)];
      } catch (error) {
        failures.push(failureOf(queue.broker, error));
        return [];
      }
    }),
  );
  return { queues: read.flat(), failures };
}

async function readQueue(
  ctx: Ctx,
  names: GroupTopic,
  queue: QueueName,
  to: ResetPlanInput['to'],
  explicit: Explicit | null,
): Promise<Omit<PlanQueue, 'clientId' | 'path'>> {
  const position = await readPosition(ctx, names, queue);
  const { committedOffset, minOffset, maxOffset } = position;
  const [target, committedStoredAt] = await Promise.all([
    targetOf(ctx, names.topic, queue, position, to, explicit),
    committedOffset === null || committedOffset < minOffset
      ? null
      : storedAt(ctx, names.topic, queue, committedOffset, maxOffset),
  ]);
  const { replay, skip, isUnknown } = moveOf({ ...position, targetOffset: target.targetOffset });
  const warnings: Warning[] = [...target.warnings];
  if (isUnknown) warnings.push({ key: 'no_recorded_offset', severity: 'note', params: {} });
  return { ...queue, ...position, ...target, replay, skip, committedStoredAt, warnings };
}
