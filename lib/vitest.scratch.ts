import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

// One temporary folder for all files of a run: a test that fails leaves nothing behind either.
const folder = mkdtempSync(path.join(tmpdir(), 'redrive-unit-'));

export function setup(): void {
  process.env.TMPDIR = folder;
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true });
}
