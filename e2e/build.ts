import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './sandbox/paths';

const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'next.config.js',
  'instrumentation.ts',
  'proxy.ts',
  'package-lock.json',
];

/** Builds the console unless the build is newer than all it is made of; a build that fails ends this process. */
export function buildIfStale(): void {
  const build = path.join(ROOT, '.next', 'BUILD_ID');
  const newest = Math.max(...SOURCES.map((source) => newestChange(path.join(ROOT, source))));
  if (existsSync(build) && statSync(build).mtimeMs > newest) return;
  process.stdout.write('Building the console …\n');
  const result = spawnSync('npm', ['run', 'build'], { cwd: ROOT, stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function newestChange(place: string): number {
  if (!existsSync(place)) return 0;
  const stat = statSync(place);
  if (!stat.isDirectory()) return place.includes('.test.') ? 0 : stat.mtimeMs;
  return Math.max(0, ...readdirSync(place).map((name) => newestChange(path.join(place, name))));
}
