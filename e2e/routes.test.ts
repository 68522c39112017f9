import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const routes = readdirSync('app', { recursive: true, encoding: 'utf8' })
  .filter((file) => path.basename(file) === 'route.ts')
  .map((file) => path.join('app', file));

/** An export that is neither a handler made by `handle()` nor Next's own configuration would skip every check. */
const EXPORT =
  /^export const (?:dynamic = 'force-dynamic'|\{ DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT \} = handle\([\w, ]*\));$/;
const HEALTH = /^export const (?:dynamic = 'force-dynamic'|GET = (?:liveness|readiness));$/;

describe('route handlers', () => {
  it('are found', () => expect(routes.length).toBeGreaterThan(20));

  it.each(routes)('%s exports nothing but handle(endpoint)', (file) => {
    const lines = readFileSync(file, 'utf8').split('\n');
    const allowed = /healthz|readyz/.test(file) ? HEALTH : EXPORT;
    const exports = lines.filter((line) => line.includes('export'));
    expect(exports.filter((line) => !allowed.test(line))).toEqual([]);
    expect(exports.length).toBeGreaterThan(1);
    expect(lines.length).toBeLessThanOrEqual(15);
  });
});
