import type { z } from 'zod';
import type { PurgePlan, purgePlanInput } from '@/lib/contract/plans';
import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import { StoreError } from '@/lib/store/errors';
import type { OperationStep } from '@/lib/store/operations';
import type { StoreTables } from '@/lib/store/tables';
import type { Ctx } from '../ctx';
import { readLetterQueues } from '../dead-letters/queues';
import { DomainError } from '../errors';
import { type Archive, removeArchive } from '../export/archive';
import { JSONL } from '../export/jsonl-format';
import { fileName, fileOf } from '../export/kept-file';
import { exportedSoFar, Stopped } from '../export/progress';
import { type Commit, reopenAll } from '../handled/pages';
import { jobOf } from '../jobs/control';
import { defineJob } from '../jobs/job-spec';
import { mutation, type Outcome, type RunningOperation } from '../mutation';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { deleteOnBroker, deleteOnNameServer, verifyOnBroker, verifyRoute } from './delete-topic';
import { exportAll } from './export-all';
import { type PurgeFrozen, planPurge } from './plan';
import { returnedLetters } from './returned';
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
  const before = jobOf(ctx).control.checkpoint();
  if (before !== 'go') {
    // Of an export that a kill cut off.
    if (before === 'cancel') await removeArchive(jobOf(ctx).exportsDir, exportName(operation));
    return stoppedBefore(ctx, before, await counts());
  }

  let act: Stopped['act'] | null = null;
  const exported = await exportStep(ctx, steps, operation, queues).catch((error) => {
    if (error instanceof StoreError) throw error;
    if (error instanceof Stopped) act = error.act;
    else ctx.log.warn({ operation: operation.id, err: error }, 'export before a purge failed');
    return null;
  });
  if (act === 'cancel') await removeArchive(jobOf(ctx).exportsDir, exportName(operation));
  if (act !== null) return stoppedBefore(ctx, act, await counts());
  if (!exported) return { state: 'FAILED', counts: await counts(), error: { key: 'export_failed' } };
  const result = { file: fileOf(ctx, exported.archive) };
  if (!exported.isComplete) {
    return { state: 'FAILED', counts: await counts(), result, error: { key: 'still_growing', params: { group } } };
  }
  const asked = jobOf(ctx).control.checkpoint();
  if (asked !== 'go') return { ...stoppedBefore(ctx, asked, await counts()), result };

  let isWhole = unreachable.length === 0;
  let refusal: Outcome['error'];
  for (const broker of brokers) {
    ctx.crashPoint?.('before_delete');
    // By these the letters are known again, should a crash of the broker bring them back.
    const known = { lastPhysicalOffset: lastPlaceOf(exported.archive, broker), bootAt: bootOf(ctx, broker) };
    const work = async () => {
      const step = await deleteOnBroker(ctx, topic, broker, capability);
      if (step.refusal) refusal = { key: 'access_refused', params: { ...step.refusal, broker } };
      // Letters that came within this time may be gone unexported.
      return { ...step, detail: { ...step.detail, raceMs: ctx.now() - exported.comparedAt } };
    };
    const isGone = await steps.run('delete_on_broker', broker, work, known);
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
    error: refusal ?? { key: 'purge_partial', params: { brokers: unreachable.join(', ') || '–' } },
  };
}

/** Asked to end before anything was deleted: a shutdown only puts it off. */
function stoppedBefore(ctx: Ctx, act: Stopped['act'], counts: Record<string, number>): Outcome {
  if (act === 'pause') return jobOf(ctx).control.paused(counts);
  return { state: 'CANCELLED', counts, error: { key: 'cancelled_before_delete' } };
}

const exportName = ({ id, input: { group } }: RunningOperation<PurgeInput>) => fileName('dlq', group, id, JSONL.ending);

const lastPlaceOf = ({ queues }: Archive, broker: string): number | null =>
  queues.reduce<number | null>(
    (last, queue) => (queue.broker === broker ? Math.max(last ?? 0, queue.lastPhysicalOffset) : last),
    null,
  );

const bootOf = (ctx: Ctx, broker: string): number | null =>
  ctx.snapshot()?.brokers.find(({ name }) => name === broker)?.bootAt ?? null;

async function exportStep(
  ctx: Ctx,
  steps: PurgeSteps,
  operation: RunningOperation<PurgeInput>,
  queues: PurgeInput['queues'],
) {
  const { group } = operation.input;
  return steps.run('export', '', async () => {
    const value = await exportAll(ctx, operation, group, queues, jobOf(ctx).exportsDir, exportName(operation));
    const { archive, isComplete, extensions } = value;
    const { name: file, bytes, count, sha256 } = archive;
    const detail = { file, bytes, count, sha256, extensions };
    return { state: isComplete ? 'DONE' : 'FAILED', detail, value };
  });
}

/**
 * Until something was deleted it has only read, and begins anew. After that nothing is deleted by an old plan: what it
 * exported stays downloadable, and a new purge takes up what is left.
 */
async function resumePurge(
  ctx: Ctx,
  operation: RunningOperation<PurgeInput>,
  capability: WriteCapability,
): Promise<Outcome> {
  const steps = await ctx.store.operations.steps(operation.id);
  if (!steps.some(({ action }) => action === 'delete_on_broker')) return runPurge(ctx, operation, capability);
  for (const step of steps.filter(({ state }) => state === 'INTENT'))
    await ctx.store.operations.putStep({ ...step, state: 'UNKNOWN', endedAt: ctx.now() });
  const counts = await stepOutcomes(ctx.store, operation);
  const result = { file: exportedFile(ctx, steps) };
  return { state: 'PARTIAL', counts, result, error: { key: 'purge_interrupted' } };
}

function exportedFile(ctx: Ctx, steps: readonly OperationStep[]) {
  const step = steps.find(({ action, state }) => action === 'export' && state === 'DONE');
  const { file, bytes, count, sha256 } = JSON.parse(step?.detailJson ?? '{}');
  return bytes === undefined ? null : fileOf(ctx, { name: file, bytes, count, sha256 });
}

/** Queue offsets start again at 0: marks of before would hide letters of after. */
async function clearMarks(ctx: Ctx, operation: RunningOperation<PurgeInput>, broker: string) {
  const mark = { cluster: ctx.cluster, group: operation.input.group, by: operation.createdByName, at: ctx.now() };
  const commit: Commit = async (work) => void (await ctx.store.transaction(work));
  for await (const _ of reopenAll(ctx, mark, { broker }, commit)) await operation.heartbeat();
  return { state: 'DONE' as const, detail: {}, value: true };
}

const PURGE = mutation<PurgeInput>({
  name: 'dead-letters.purge',
  kind: 'purge',
  permission: 'dead-letter:purge',
  resource: ({ group }) => ({ type: 'group', name: group, group, topic: DLQ_PREFIX + group }),
  run: runPurge,
  resume: resumePurge,
});

/** Purge of the dead letters of a group. One that was interrupted while it deleted ends as PARTIAL; a new purge takes up what is left. */
export const PURGE_JOB = defineJob<z.output<typeof purgePlanInput>, PurgePlan, PurgeFrozen, PurgeInput>({
  kind: 'purge',
  mutation: PURGE,
  locksGroup: true,
  canPause: false,
  canCancel: true,
  closesByRun: true,
  makePlan: planPurge,
  recheck: async (ctx, { group }, { queues }) => {
    const now = await readLetterQueues(ctx, group);
    const isNew = queues.some(({ broker, queueId, maxOffset }) =>
      now.queues.some((queue) => queue.broker === broker && queue.queueId === queueId && queue.maxOffset < maxOffset),
    );
    if (isNew) throw new DomainError('PLAN_STALE', 'letters_replaced', { group, count: 0 });
  },
  toInput: ({ group }, frozen) => ({ group, ...frozen }),
  // While it runs, the journal's counts are those of the export; its steps are counted apart.
  exported: exportedSoFar,
  returned: (store, { cluster, id, group }) => returnedOf(store, cluster, id, group ?? ''),
  outcomes: stepOutcomes,
  items: listSteps,
});
export const PURGE_MUTATION = PURGE;

/** Letters of this purge that are back and that no later one has removed. */
const returnedOf = async (store: StoreTables, cluster: string, jobId: string, group: string) =>
  (await returnedLetters(store, cluster, group)).filter((letters) => letters.jobId === jobId);
