import { existsSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FILE_KEPT_MS } from '@/lib/domain/export/kept-file';
import { removeExpiredExports } from './job-export';
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
