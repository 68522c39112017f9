import type { z } from 'zod';
import type { PurgePlan, purgePlanInput } from '@/lib/contract/plans';
import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import { StoreError } from '@/lib/store/errors';
import type { Ctx } from '../ctx';
import { readLetterQueues } from '../dead-letters/queues';
import { DomainError } from '../errors';
import { archiveName, fileOf } from '../export/job';
import { jobOf } from '../jobs/control';
import { defineJob } from '../jobs/job-spec';
import { mutation, type Outcome, type RunningOperation } from '../mutation';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { deleteOnBroker, deleteOnNameServer, verifyOnBroker, verifyRoute } from './delete-topic';
import { exportAll } from './export-all';
import { type PurgeFrozen, planPurge } from './plan';
import { listSteps, PurgeSteps, stepOutcomes } from './steps';

export interface PurgeInput extends PurgeFrozen {
  group: string;
}

/**
 * Removes a group's dead-letter topic: first everything is exported and the export read back, then the topic goes on
 * every master (215) and every NameServer (216), then it is looked whether it is gone. Without a verified export
 * nothing is deleted.
 */
export async function runPurge(
  ctx: Ctx,
  operation: RunningOperation<PurgeInput>,
  capability: WriteCapability,
): Promise<Outcome> {
  const { group, queues, brokers, unreachable, nameServers } = operation.input;
  const topic = DLQ_PREFIX + group;
  const steps = new PurgeSteps(ctx, operation.id);
  const counts = () => stepOutcomes(ctx.store, operation);

  const exported = await exportStep(ctx, steps, operation, queues).catch((error) => {
    if (error instanceof StoreError) throw error;
    ctx.log.warn({ operation: operation.id, err: error }, 'export before a purge failed');
    return null;
  });
  if (!exported) return { state: 'FAILED', counts: await counts(), error: { key: 'export_failed' } };
  const result = { file: fileOf(ctx, exported.archive) };
  if (!exported.isComplete) {
    return { state: 'FAILED', counts: await counts(), result, error: { key: 'still_growing', params: { group } } };
  }
  if (jobOf(ctx).control.checkpoint() !== 'go') {
    return { state: 'CANCELLED', counts: await counts(), result, error: { key: 'cancelled_before_delete' } };
  }

  let isWhole = unreachable.length === 0;
  for (const broker of brokers) {
    ctx.crashPoint?.('before_delete');
    const isGone = await steps.run('delete_on_broker', broker, async () => {
      const step = await deleteOnBroker(ctx, topic, broker, capability);
      // Letters that came within this time may be gone unexported.
      return { ...step, detail: { ...step.detail, raceMs: ctx.now() - exported.comparedAt } };
    });
    isWhole = isGone && isWhole;
    await operation.heartbeat();
  }
  // While a master keeps the topic it would register the route again, and its letters could not be browsed without one.
  if (isWhole) {
    for (const address of nameServers) {
      isWhole =
        (await steps.run('delete_on_name_server', address, () =>
          deleteOnNameServer(ctx, topic, address, capability),
        )) && isWhole;
    }
  }
  await operation.setState('VERIFYING');
  for (const broker of brokers) {
    const isGone = await steps.run('verify_broker', broker, () => verifyOnBroker(ctx, topic, broker));
    if (isGone) await steps.run('clear_marks', broker, () => clearMarks(ctx, operation, broker));
    isWhole = isGone && isWhole;
  }
  if (isWhole) {
    for (const address of nameServers) {
      isWhole = (await steps.run('verify_route', address, () => verifyRoute(ctx, topic, address))) && isWhole;
    }
  }
  const outcome = { counts: await counts(), result };
  if (isWhole) return { state: 'DONE', ...outcome };
  return {
    state: 'PARTIAL',
    ...outcome,
    error: { key: 'purge_partial', params: { brokers: unreachable.join(', ') || '–' } },
  };
}

async function exportStep(
  ctx: Ctx,
  steps: PurgeSteps,
  operation: RunningOperation<PurgeInput>,
  queues: PurgeInput['queues'],
) {
  const { group } = operation.input;
  return steps.run('export', '', async () => {
    const value = await exportAll(ctx, group, queues, jobOf(ctx).exportsDir, archiveName(group, operation.id));
    const { archive, isComplete, extensions } = value;
    const detail = { file: archive.name, count: archive.count, sha256: archive.sha256, extensions };
    return { state: isComplete ? 'DONE' : 'FAILED', detail, value };
  });
}

/** Queue offsets start again at 0: marks of before would hide letters of after. */
async function clearMarks(ctx: Ctx, operation: RunningOperation<PurgeInput>, broker: string) {
  const mark = { cluster: ctx.cluster, group: operation.input.group, by: operation.createdByName, at: ctx.now() };
  await ctx.store.handled.reopenAll(mark, broker);
  return { state: 'DONE' as const, detail: {}, value: true };
}

const PURGE = mutation<PurgeInput>({
  name: 'dead-letters.purge',
  kind: 'purge',
  permission: 'dead-letter:purge',
  resource: ({ group }) => ({ type: 'group', name: group, group, topic: DLQ_PREFIX + group }),
  run: runPurge,
});

/** Purge of the dead letters of a group. An interrupted one ends as PARTIAL; a new purge takes up what is left. */
export const PURGE_JOB = defineJob<z.output<typeof purgePlanInput>, PurgePlan, PurgeFrozen, PurgeInput>({
  kind: 'purge',
  mutation: PURGE,
  locksGroup: true,
  canPause: false,
  canCancel: true,
  afterRestart: 'resume',
  makePlan: planPurge,
  recheck: async (ctx, { group }, { queues }) => {
    const now = await readLetterQueues(ctx, group);
    const isNew = queues.some(({ broker, queueId, maxOffset }) =>
      now.queues.some((queue) => queue.broker === broker && queue.queueId === queueId && queue.maxOffset < maxOffset),
    );
    if (isNew) throw new DomainError('PLAN_STALE', 'letters_replaced', { group, count: 0 });
  },
  toInput: ({ group }, frozen) => ({ group, ...frozen }),
  outcomes: stepOutcomes,
  items: listSteps,
});
export const PURGE_MUTATION = PURGE;
