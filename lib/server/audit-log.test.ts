import { afterEach, expect, test, vi } from 'vitest';
import type { AuditRow } from '@/lib/store/audit-chain';
import { hashOf } from '@/lib/store/audit-chain';
import { StoreError } from '@/lib/store/errors';
import { anAuditEntry, freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { auditLine } from './audit-line';
import { startAuditLog } from './audit-log';

let store: Store | undefined;
let stop = () => {};
afterEach(async () => {
  stop();
  await store?.close();
  store = undefined;
});

interface Line {
  '@timestamp': string;
  event: { kind: string; dataset: string; sequence: number; hash: string; outcome: string; type: string[] };
}
const collector = () => {
  const lines: Line[] = [];
  return {
    lines,
    write: (text: string) =>
      void lines.push(
        ...text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Line),
      ),
    seqs: () => lines.map(({ event }) => event.sequence),
  };
};
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

test('every row is told once and in order, those from before the start too, and a restart goes on after them', async () => {
  store = await openStore({ dir: freshDir() });
  const { audit } = store;
  await store.transaction(async (tables) => {
    for (let n = 0; n < 600; n++) await tables.audit.append(anAuditEntry());
  });
  const first = collector();
  stop = startAuditLog(store, first.write);
  await vi.waitFor(async () => expect((await audit.feed('stdout')).seq).toBe(600));
  await audit.append(anAuditEntry());
  await vi.waitFor(async () => expect((await audit.feed('stdout')).seq).toBe(601), { timeout: 5000 });
  stop();
  expect(first.seqs()).toEqual(upTo(601));

  await audit.append(anAuditEntry());
  const second = collector();
  stop = startAuditLog(store, second.write);
  await vi.waitFor(() => expect(second.seqs()).toEqual([602]));
});

test('a crash between line and place tells a row again and leaves none out; a full store repeats nothing', async () => {
  store = await openStore({ dir: freshDir() });
  const { audit } = store;
  for (let n = 0; n < 3; n++) await audit.append(anAuditEntry());
  const full = vi.fn(() => Promise.reject(new StoreError('UNAVAILABLE', 'disk full')));
  const first = collector();
  stop = startAuditLog({ audit: { ...audit, moveFeed: full } }, first.write);
  await vi.waitFor(() => expect(full.mock.calls.length).toBeGreaterThan(1), { timeout: 5000 });
  stop();
  expect(first.seqs()).toEqual([1, 2, 3]);

  const second = collector();
  stop = startAuditLog(store, second.write);
  await vi.waitFor(async () => expect((await audit.feed('stdout')).seq).toBe(3));
  expect(second.seqs()).toEqual([1, 2, 3]);
});

test('a line has the names of the Elastic Common Schema, and all that the hash is made of', () => {
  const entry = anAuditEntry({
    ip: '10.2.0.22',
    requestId: 'req-1',
    operationId: '01A',
    cluster: 'demo',
    paramsJson: '{"reason":"INC-7 \\u001b[31m"}',
    countsJson: '{"APPLIED":4}',
    phase: 'result',
    outcome: 'success',
    authMethod: 'oidc',
    sessionHash: 'ab',
    actorRole: 'operator,viewer',
  });
  const unhashed = { ...EMPTY, ...entry, seq: 7, prevHash: 'f'.repeat(64) } as Omit<AuditRow, 'hash'>;
  const line = auditLine({ ...unhashed, hash: hashOf(unhashed) });
  expect(line).toMatchObject({
    '@timestamp': '2023-11-14T22:13:20.000Z',
    ecs: { version: expect.stringMatching(/^8\./) },
    event: {
      kind: 'event',
      dataset: 'redrive.audit',
      sequence: 7,
      action: 'offsets.reset',
      category: ['configuration'],
      type: ['change'],
      outcome: 'success',
      reason: 'INC-7 \u001b[31m',
    },
    user: { id: 'local', roles: ['operator', 'viewer'] },
    source: { ip: '10.2.0.22' },
    http: { request: { id: 'req-1' } },
    redrive: { operation: { id: '01A' }, auth_method: 'oidc', counts: '{"APPLIED":4}' },
  });
  expect(JSON.stringify(line), 'no raw control byte').not.toMatch(/\p{Cc}/u);
  const values = JSON.stringify(line);
  for (const value of Object.values(unhashed)) {
    if (value === null || typeof value === 'number') continue;
    const parts = value === entry.actorRole ? value.split(',') : [value];
    for (const part of parts) expect(values).toContain(JSON.stringify(part));
  }
});

test.each([
  ['allowed', 'unknown', 'change'],
  ['partial', 'unknown', 'change'],
  ['failure', 'failure', 'change'],
  ['denied', 'failure', 'denied'],
] as const)('an entry that is %s counts as %s of type %s', (outcome, expected, type) => {
  const row = { ...EMPTY, ...anAuditEntry({ outcome }), seq: 1, prevHash: '', hash: '' };
  expect(auditLine(row)).toMatchObject({ event: { outcome: expected, type: [type] } });
});

const EMPTY = {
  ip: null,
  requestId: null,
  operationId: null,
  cluster: null,
  paramsJson: null,
  previewHash: null,
  countsJson: null,
  error: null,
  authMethod: null,
  sessionHash: null,
};
