import { existsSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { actorOf } from '@/lib/domain/actors.fixture';
import type { Ctx } from '@/lib/domain/ctx';
import { FILE_KEPT_MS } from '@/lib/domain/export/kept-file';
import { anOperation } from '@/lib/store/fixtures';
import type { OperationKind } from '@/lib/store/schema';
import { removeExpiredExports, requireReadable } from './job-export';
import { exportsDirOf } from './job-runner';

test('an export is removed when its time is over, and not before', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'exports-'));
  const folder = exportsDirOf(dataDir);
  mkdirSync(folder);
  const now = Date.now();
  const write = (name: string, ageMs: number) => {
    writeFileSync(path.join(folder, name), 'x');
    utimesSync(path.join(folder, name), (now - ageMs) / 1000, (now - ageMs) / 1000);
  };
  write('old.jsonl.gz', FILE_KEPT_MS + 1000);
  write('young.jsonl.gz', FILE_KEPT_MS - 60_000);
  expect(await removeExpiredExports(dataDir, now)).toEqual(['old.jsonl.gz']);
  expect(existsSync(path.join(folder, 'young.jsonl.gz'))).toBe(true);
  expect(existsSync(path.join(folder, 'old.jsonl.gz'))).toBe(false);
});

test('a masked reader may have the report of a redrive, and no export that hides less', async () => {
  const actor = actorOf('operator');
  const rule = { name: 'buyers', clusters: ['*'], topics: ['*'], hide: ['keys'] };
  const ctx = { actor, cluster: 'c', maskRules: [rule] } as unknown as Ctx;
  const operation = (kind: OperationKind) => anOperation('01JOB', { kind, group: 'g', inputJson: '{"what":{}}' });
  await requireReadable(ctx, operation('redrive'));
  await expect(requireReadable(ctx, operation('export'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const viewer = { ...ctx, actor: actorOf('viewer') };
  await expect(requireReadable(viewer, operation('redrive'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
