import { expect, test } from 'vitest';
import type { AuditEntry } from '@/lib/store/audit';
import type { Operation } from '@/lib/store/operations';
import type { Ctx } from '../ctx';
import { cancelJob, pauseJob } from './act';

function scene(role: 'viewer' | 'operator') {
  const trail: AuditEntry[] = [];
  const ctx = {
    cluster: 'demo',
    actor: { id: 'u', name: 'User', role, ip: '127.0.0.1' },
    now: () => 1000,
    requestId: 'r',
    store: { audit: { append: async (entry: AuditEntry) => void trail.push(entry) } },
  } as unknown as Ctx;
  const ended = { id: 'J1', kind: 'redrive', state: 'DONE', reason: 'why it was started' } as Operation;
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
