import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { AuditReply, AuditVerifyEvent } from '@/lib/contract/audit';
import type { LettersReply } from '@/lib/contract/dead-letters';
import type { AnyPlan } from '@/lib/contract/plans';
import { hashOf } from '@/lib/store/audit-chain';
import { expect, test, type Watched } from './fixtures';
import { violations } from './harness/accessibility';
import type { Api } from './harness/api';
import { ended, makePlan, startJob } from './harness/jobs';
import { openStoreFile } from './harness/store-file';
import { numberIn, rowsOf } from './harness/table';
import type { Oracle } from './sandbox/oracle';
import { ROOT } from './sandbox/paths';

/** As screens write it. */
const thin = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');

interface Dead {
  topic: string;
  group: string;
  ids: string[];
}

/** A group that could handle nothing: three dead letters, two of them marked, and everything read. */
async function makeDead(oracle: Oracle, api: Api, topic: string): Promise<Dead> {
  const group = `${topic}-reader`;
  await oracle.createTopic(topic, { queues: 2 });
  await oracle.createGroup(group);
  await oracle.send(
    topic,
    Array.from({ length: 3 }, (_, n) => ({ keys: `A-${n}`, body: `{"n":${n}}` })),
  );
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: 3 });
  let ids: string[] = [];
  await expect
    .poll(async () => {
      const { items = [] } = await api.look<LettersReply>('/api/dead-letters/messages', { group });
      ids = items.map(({ id }) => id);
      return ids.length;
    })
    .toBe(3);
  const plan = await makePlan(api, 'handle', { group, select: { ids: ids.slice(0, 2) } });
  await ended(api, (await startJob(api, plan)).id);
  return { topic, group, ids };
}

const trailOf = (api: Api, query: Record<string, string>) =>
  api.get<AuditReply>('/api/audit', { last: 'all', ...query });
const entries = (page: Page) => page.getByRole('table', { name: 'Audit entries, newest first' });

let dead: Dead;
// Of the worker's console: made once for the tests below.
test.beforeEach(async ({ oracle, api, unique }) => {
  dead ??= await makeDead(oracle, api, unique('audit'));
});

test('a mark and a reset stand in the log before and after they ran, with what each queue was', async ({
  page,
  api,
  oracle,
}) => {
  const { group, topic } = dead;
  const before = await oracle.offsets(group, topic);
  const reset = await startJob(
    api,
    await makePlan(api, 'reset', { group, topic, to: { kind: 'earliest' } }),
    'replay after the fix, INC-2291',
  );

  // While it runs only the intent is there.
  await page.goto(`/audit?resource=${group}`);
  await expect(entries(page).getByRole('rowheader', { name: 'Offset reset' }).first()).toBeVisible();
  expect(await ended(api, reset.id)).toMatchObject({ state: 'DONE' });
  await expect(entries(page).getByRole('row')).toHaveCount(1 + 4);
  const rows = await rowsOf(entries(page));
  expect(rows.map(({ Who, Action, On, Outcome }) => [Who, Action, On, Outcome])).toEqual([
    ['admin', 'Offset reset', group, 'DONE'],
    ['admin', 'Offset reset', group, 'BEGUN'],
    ['admin', 'Mark handled', group, 'DONE'],
    ['admin', 'Mark handled', group, 'BEGUN'],
  ]);
  expect(rows[2]?.Detail).toBe('Handled 2');
  expect(rows[1]?.Detail).toContain('INC-2291');

  await page.getByLabel('Action', { exact: true }).selectOption({ label: 'Mark handled' });
  await expect(entries(page).getByRole('row')).toHaveCount(1 + 2);
  await page.getByLabel('Outcome', { exact: true }).selectOption({ label: 'BEGUN' });
  await expect(entries(page).getByRole('row')).toHaveCount(1 + 1);
  await expect(page).toHaveURL(/action=dead-letters\.handle.*outcome=allowed/);
  await page.getByLabel('Action', { exact: true }).selectOption('');
  await expect(entries(page).getByRole('row')).toHaveCount(1 + 2);

  await entries(page).getByRole('rowheader', { name: 'Offset reset' }).click();
  const drawer = page.getByRole('complementary', { name: 'Audit entry' });
  await expect(drawer.getByRole('heading', { level: 2 })).toHaveText(`Offset reset, ${group}`);
  await expect(drawer).toContainText('admin, admin');
  await expect(drawer).toContainText('replay after the fix, INC-2291');
  await expect(drawer).toContainText('"kind": "earliest"');
  const change = drawer.getByRole('table', { name: 'Offsets of the group before and after' });
  const queues: Record<string, Record<string, string>> = Object.fromEntries(
    (await rowsOf(change)).map((row) => [row.Queue ?? '', row]),
  );
  for (const [queue, offset] of Object.entries(before)) {
    // The oracle has no word for a queue without a recorded offset.
    if (offset === 0) continue;
    expect(numberIn(queues[queue]?.Before), queue).toBe(offset);
    expect(numberIn(queues[queue]?.After), queue).toBe(0);
    expect(queues[queue]?.Change, queue).toBe(`replay ${offset}`);
  }
  expect(Object.keys(queues)).toHaveLength(4);
  const phases = drawer.getByRole('table', { name: 'Entries of the same job' });
  await expect(phases).toContainText('before');
  await expect(phases).toContainText('after');
  expect.soft(await violations(page), 'drawer').toEqual([]);

  // A copied link shows the same screen.
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await drawer.getByRole('button', { name: 'Copy link' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto(link);
  await expect(drawer.getByRole('heading', { level: 2 })).toHaveText(`Offset reset, ${group}`);
  await phases.getByRole('button').click();
  await expect(drawer).toContainText(/\d, after/);
  await drawer.getByRole('link', { name: reset.id.slice(-6) }).click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${reset.id}`));
});

test('the chain is walked when somebody asks, and says when', async ({ page, api }) => {
  await page.goto('/audit?last=all');
  await page.getByRole('button', { name: 'Verify chain' }).click();
  await expect(page.getByText(/Chain of [\d\s]+ entries verified at/)).toBeVisible();
  const { text, headers } = await api.ask('/api/audit/verify');
  expect(headers['content-type']).toMatch(/^application\/x-ndjson/);
  const last = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as AuditVerifyEvent;
  expect(last.ended).toMatchObject({ broken: null, rows: last.total });
  await page.goto('/audit');
  await page.getByRole('button', { name: 'Find or jump to' }).click();
  await page.getByRole('dialog').getByRole('combobox').fill('audit');
  await expect(page.getByRole('option', { name: /Audit log/ })).toBeVisible();
});

test('C29 an entry that somebody changed in the file is named on the page, and by npm run audit:verify', async ({
  page,
  api,
  watched,
}) => {
  const { items } = await trailOf(api, { resource: dead.group });
  const seq = items[0]?.seq ?? 0;
  const file = openStoreFile(watched);
  const triggers = file
    .prepare(`select "name", "sql" from sqlite_master where "type" = 'trigger' and "tbl_name" = 'audit'`)
    .all([]) as { name: string; sql: string }[];
  expect(triggers).toHaveLength(3);
  for (const { name } of triggers) file.exec(`drop trigger "${name}"`);
  const setActor = file.prepare('update "audit" set "actorName" = ? where "seq" = ?');
  setActor.run(['somebody else', BigInt(seq)]);
  try {
    expect(await verifyByCommand(watched.dataDir)).toEqual({
      code: 1,
      said: `Entry ${seq} is not as it was written.\n`,
    });
    await page.goto('/audit?last=all');
    await page.getByRole('button', { name: 'Verify chain' }).click();
    const banner = page.getByRole('alert').filter({ hasText: 'The audit trail is broken' });
    await expect(banner).toContainText(`broken at entry ${thin(seq)}. It is not as it was written.`);
    await banner.getByRole('button', { name: 'Open entry' }).click();
    await expect(page.getByRole('complementary', { name: 'Audit entry' })).toContainText('does not fit');
  } finally {
    setActor.run([items[0]?.actor.name ?? '', BigInt(seq)]);
    for (const { sql } of triggers) file.exec(sql);
    file.close();
  }
  expect(await verifyByCommand(watched.dataDir)).toMatchObject({ code: 0 });
  await page.getByRole('button', { name: 'Verify chain' }).click();
  await expect(page.getByText('The audit trail is broken')).toBeHidden();
});

async function verifyByCommand(dataDir: string): Promise<{ code: number | null; said: string }> {
  const child = spawn('npm', ['run', '--silent', 'audit:verify', '--', '--dir', dataDir], { cwd: ROOT });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  const [code] = await once(child, 'close');
  return { code, said };
}

test('C33 an export is a download that is on record with its count, and whose hashes can be checked', async ({
  api,
}) => {
  const { total } = await trailOf(api, { resource: dead.group });
  const { headers, text, status } = await api.ask(`/api/audit/export?resource=${dead.group}`);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-disposition': expect.stringMatching(/^attachment; filename="[\w.-]+\.jsonl"$/),
    'x-content-type-options': 'nosniff',
    'cache-control': expect.stringContaining('no-store'),
  });
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(total);
  for (const { hash, ...row } of rows) expect(hashOf(row)).toBe(hash);
  const { items } = await trailOf(api, { action: 'audit.export' });
  expect(items[0]).toMatchObject({ outcome: 'success', counts: { entries: total }, actor: { name: 'admin' } });
});

test('collectors are told of every entry once and in order, apart from what the program says', async ({
  api,
  watched,
}) => {
  const told = () => collected(watched);
  const { items } = await trailOf(api, {});
  const newest = items[0]?.seq ?? 0;
  await expect.poll(() => told().at(-1) ?? 0).toBeGreaterThanOrEqual(newest);
  expect(told()).toEqual(told().map((_, index) => index + 1));
});

/** Numbers of the entries that a collector of the console's output has. */
function collected({ dataDir }: Watched): number[] {
  return readFileSync(`${dataDir}.log`, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"redrive.audit"'))
    .map((line) => (JSON.parse(line) as { event: { sequence: number } }).event.sequence);
}

test('C28 while the audit trail cannot be written nothing destructive begins, and reading goes on', async ({
  api,
  wire,
  watched,
}) => {
  const { group, topic, ids } = dead;
  const select = { ids: ids.slice(2) };
  const asked = [
    ['reset', { group, topic, to: { kind: 'latest' } }],
    ['redrive', { group, select, target: { kind: 'group' } }],
    ['redrive', { group, select, target: { kind: 'origin' } }],
    ['purge', { group }],
    ['handle', { group, select }],
    ['reopen', { group, select: { ids: ids.slice(0, 1) } }],
    ['export', { group, select }],
  ] as const;
  const plans: AnyPlan[] = [];
  for (const [kind, body] of asked) plans.push(await makePlan<AnyPlan>(api, kind, body));
  const { items: jobs } = await api.get<{ items: { id: string }[] }>('/api/jobs', { group });
  const post = ({ token, confirm }: AnyPlan, key: string) =>
    api.post(
      '/api/jobs',
      { token, confirm: confirm ?? undefined, reason: 'nobody would know' },
      { 'idempotency-key': key },
    );

  wire.clear();
  const other = openStoreFile(watched);
  other.exec('begin immediate');
  try {
    for (const plan of plans) {
      const answer = await post(plan, randomUUID());
      expect([answer.status, answer.body.code], `${plan.kind}: ${answer.text}`).toEqual([503, 'audit_unavailable']);
      expect(answer.body.hint).toBeTruthy();
    }
    const taken = await api.post('/api/jobs/acknowledge', { id: jobs[0]?.id, reason: 'seen' });
    expect(taken.body.code, taken.text).toBe('audit_unavailable');
    expect((await api.ask('/api/audit/export')).status, 'an export leaves with its record or not at all').toBe(503);
    for (const address of [
      '/api/groups',
      `/api/groups/detail?group=${group}`,
      `/api/groups/lag?group=${group}`,
      `/api/dead-letters/messages?group=${group}`,
      `/api/messages/detail?id=${encodeURIComponent(ids[2] ?? '')}`,
      '/api/jobs',
      '/api/audit',
      '/api/audit/verify',
      '/audit',
    ])
      expect((await api.ask(address)).status, address).toBe(200);
    expect(wire.writeFrames()).toEqual([]);
  } finally {
    other.exec('rollback');
    other.close();
  }
  expect((await api.get<{ items: unknown[] }>('/api/jobs', { group })).items).toHaveLength(jobs.length);
  const handle = plans.find(({ kind }) => kind === 'handle') as AnyPlan;
  const started = await post(handle, randomUUID());
  const reasons = readFileSync(`${watched.dataDir}.log`, 'utf8')
    .split('\n')
    .filter((line) => line.includes('the store did not take it'));
  expect(started.status, [started.text, ...reasons.slice(-2)].join('\n')).toBe(202);
  await ended(api, (started.body as unknown as { id: string }).id);
});
