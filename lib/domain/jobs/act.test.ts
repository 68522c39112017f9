import { expect, test } from 'vitest';
import type { AuditEntry } from '@/lib/store/audit';
import type { Operation } from '@/lib/store/operations';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { cancelJob, pauseJob, resumeJob } from './act';
import { cancelRequestJson } from './cancel-request';
import { JobControl } from './control';
import { actsOn } from './detail';

function scene(role: 'viewer' | 'operator') {
  const trail: AuditEntry[] = [];
  const ctx = {
    cluster: 'demo',
    actor: actorOf(role, { id: 'u', name: 'User' }),
    now: () => 1000,
    requestId: 'r',
    store: { audit: { append: async (entry: AuditEntry) => void trail.push(entry) } },
  } as unknown as Ctx;
  const ended = { id: 'J1', group: 'g', kind: 'redrive', state: 'DONE', reason: 'why it was started' } as Operation;
  return { ctx, trail, ended };
}
const idle = { control: () => null, enqueue: () => {} };

test('who may not steer a job does not learn its state, and the attempt is in the trail', async () => {
  const { ctx, trail, ended } = scene('viewer');
  await expect(cancelJob(ctx, ended, 'enough', idle)).rejects.toMatchObject({ key: 'not_permitted' });
  expect(trail).toMatchObject([
    {
      action: 'job.cancel',
      resourceType: 'job',
      operationId: 'J1',
      outcome: 'denied',
      paramsJson: '{"reason":"enough"}',
    },
  ]);
});

test('what is impossible is refused without a line in the trail', async () => {
  const { ctx, trail, ended } = scene('operator');
  await expect(pauseJob(ctx, ended, undefined, idle)).rejects.toMatchObject({ key: 'cannot_pause' });
  expect(trail).toEqual([]);
});

test('a job that nobody works on is started to be ended, and the journal knows it before anybody does', async () => {
  const { ctx, ended } = scene('operator');
  const steps: string[] = [];
  const noteRequest = async (_: string, note: string) => steps.push(note) > 0;
  Object.assign(ctx.store, { operations: { noteRequest } });
  let control: JobControl | null = null;
  const steering = {
    control: () => control,
    enqueue: ({ id }: Operation) => {
      steps.push(`enqueue ${id}`);
      control = new JobControl();
    },
  };
  const paused = { ...ended, state: 'PAUSED', errorJson: null } as Operation;
  await cancelJob(ctx, paused, 'enough', steering);
  expect(steps).toEqual([cancelRequestJson('User'), 'enqueue J1']);
  expect(steering.control()?.checkpoint()).toBe('cancel');
});

test('what was cancelled is not resumed, and what has ended meanwhile is not cancelled', async () => {
  const { ctx, ended } = scene('operator');
  const cancelled = { ...ended, state: 'PAUSED', errorJson: cancelRequestJson('Ann') } as Operation;
  await expect(resumeJob(ctx, cancelled, undefined, idle)).rejects.toMatchObject({ key: 'cannot_resume' });
  Object.assign(ctx.store, { operations: { noteRequest: async () => false } });
  await expect(cancelJob(ctx, { ...cancelled, errorJson: null }, 'x', idle)).rejects.toMatchObject({
    key: 'cannot_cancel',
  });
});

test('once the end of a job was asked for it can neither be paused nor resumed, and be asked for again only at rest', () => {
  const { ctx, ended } = scene('operator');
  const at = (state: Operation['state'], errorJson: string | null) => actsOn(ctx, { ...ended, state, errorJson });
  const asked = cancelRequestJson('Ann');
  expect(at('RUNNING', null)).toMatchObject({ pause: true, resume: false, cancel: true });
  expect(at('RUNNING', asked)).toMatchObject({ pause: false, resume: false, cancel: false });
  expect(at('PAUSED', null)).toMatchObject({ pause: false, resume: true, cancel: true });
  expect(at('PAUSED', asked)).toMatchObject({ pause: false, resume: false, cancel: true });
});
