import 'server-only';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@/lib/domain/errors';
import { cancelRequestOf } from '@/lib/domain/jobs/cancel-request';
import { JobControl, type JobCtx, SERVER_STOPPED } from '@/lib/domain/jobs/control';
import { jobSpec } from '@/lib/domain/jobs/kinds';
import { runJob } from '@/lib/domain/jobs/run-job';
import type { Operation } from '@/lib/store/operations';
import { ctxOf } from './create-ctx';
import { log } from './log';
import { runtime } from './runtime';
import { systemActor } from './system-actor';

export interface JobRunner {
  /** Carries out a QUEUED operation, or goes on with a PAUSED one, as soon as a place is free. */
  enqueue(operation: Operation): void;
  /** Of an operation that runs or waits here. */
  control(operationId: string): JobControl | null;
  /** Called once at the start: what a restart or a crash left behind. */
  resumeInterrupted(): Promise<void>;
  /** Brings every job to its next safe point; ends when all are there, at the latest after `DRAIN_MS`. */
  stop(): Promise<void>;
}

const PLACES = 8;
const HEARTBEAT_MS = 5000;
const DRAIN_MS = 12_000;
/** Older than this, consumers may have moved on: an operator decides (safety §5.5). */
const RESUME_WITHIN_MS = 10 * 60_000;

export const exportsDirOf = (dataDir: string): string => path.join(dataDir, 'exports');

/** Runs jobs in the background: one per group, which the group lock sees to, several groups at once. */
export function startJobRunner(): JobRunner {
  const jobs = new Map<string, { control: JobControl; done: Promise<void> | null }>();
  const waiting: Operation[] = [];
  let isStopping = false;

  function fill(): void {
    const isFree = () => [...jobs.values()].filter(({ done }) => done !== null).length < PLACES;
    while (!isStopping && isFree()) {
      const operation = waiting.shift();
      const job = operation && jobs.get(operation.id);
      if (!operation || !job) return;
      job.done = run(operation, job.control).finally(() => {
        jobs.delete(operation.id);
        fill();
      });
    }
  }

  async function run(operation: Operation, control: JobControl): Promise<void> {
    const heart = setInterval(() => void beat(operation.id), HEARTBEAT_MS);
    try {
      const ended = await runJob(jobCtx(operation, control), operation, jobSpec(operation.kind).mutation);
      log.info({ operation: operation.id, kind: operation.kind, state: ended.state }, 'job ended its run');
    } catch (error) {
      log.error({ operation: operation.id, err: error }, 'job could not be run');
      if (!(error instanceof DomainError && error.key === 'operation_taken')) await handBack(operation.id);
    } finally {
      clearInterval(heart);
    }
  }

  /** A job whose end could not be written is nobody's, and holds its group until an operator can resume or cancel it. */
  async function handBack(operationId: string): Promise<void> {
    while (!isStopping) {
      try {
        const { operations } = runtime().store;
        const left = await operations.get(operationId);
        if (left?.state === 'RUNNING' || left?.state === 'VERIFYING') {
          const errorJson = JSON.stringify({ key: 'journal_unavailable' });
          await operations.updateAs(operationId, left.epoch, { state: 'PAUSED', errorJson });
        }
        return;
      } catch (error) {
        log.warn({ operation: operationId, err: error }, 'job could not be handed back yet');
        await sleep(HEARTBEAT_MS, undefined, { ref: false });
      }
    }
  }

  async function resume(operation: Operation, now: number): Promise<void> {
    const isHere = runtime().clusters.has(operation.cluster);
    const cancel = cancelRequestOf(operation);
    if (cancel && isHere) {
      enqueue(operation);
      return jobs.get(operation.id)?.control.request('cancel', cancel.by);
    }
    const age = now - (operation.heartbeatAt ?? operation.createdAt);
    const isPaused = operation.state === 'PAUSED';
    const wasStopped =
      isPaused && operation.errorJson !== null && JSON.parse(operation.errorJson).key === SERVER_STOPPED;
    if (isPaused && !wasStopped) return;
    if (age < RESUME_WITHIN_MS && isHere) return enqueue(operation);
    const error = { key: 'interrupted_wait', params: { minutes: Math.max(1, Math.round(age / 60_000)) } };
    await runtime().store.operations.updateAs(operation.id, operation.epoch, {
      state: 'PAUSED',
      errorJson: JSON.stringify(error),
    });
  }

  function enqueue(operation: Operation): void {
    if (isStopping || jobs.has(operation.id)) return;
    jobs.set(operation.id, { control: new JobControl(), done: null });
    waiting.push(operation);
    fill();
  }

  return {
    enqueue,
    control: (id) => jobs.get(id)?.control ?? null,
    async resumeInterrupted() {
      const now = Date.now();
      for (const operation of await runtime().store.operations.listActive()) {
        log.info({ operation: operation.id, kind: operation.kind, state: operation.state }, 'job found at start');
        await resume(operation, now);
      }
    },
    async stop() {
      isStopping = true;
      for (const { control } of jobs.values()) control.request('stop', '');
      const drained = Promise.all([...jobs.values()].map(({ done }) => done));
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([drained, new Promise((resolve) => (timer = setTimeout(resolve, DRAIN_MS)))]);
      clearTimeout(timer);
    },
  };
}

function jobCtx(operation: Operation, control: JobControl): JobCtx {
  const { clusters, settings } = runtime();
  const cluster = clusters.get(operation.cluster);
  if (!cluster) throw new Error(`cluster ${operation.cluster} is no longer configured`);
  const exportsDir = exportsDirOf(settings.dataDir);
  mkdirSync(exportsDir, { recursive: true, mode: 0o700 });
  // The permission was checked when the job was started; the name stays that of who started it.
  const actor = systemActor(operation.createdBy, operation.createdByName);
  const options = {
    requestId: `job-${operation.id}`,
    signal: new AbortController().signal,
    deadlineAt: Number.MAX_SAFE_INTEGER,
  };
  return { ...ctxOf(cluster, actor, options), job: { control, exportsDir } };
}

async function beat(operationId: string): Promise<void> {
  try {
    const { operations } = runtime().store;
    const current = await operations.get(operationId);
    if (current) await operations.updateAs(operationId, current.epoch, { heartbeatAt: Date.now() });
  } catch (error) {
    log.warn({ operation: operationId, err: error }, 'heartbeat of a job failed');
  }
}
