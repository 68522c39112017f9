import { readFileSync } from 'node:fs';
import { deflateSync, gunzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { AuditReply } from '@/lib/contract/audit';
import type { LettersReply } from '@/lib/contract/dead-letters';
import type { MessageDetail } from '@/lib/contract/messages';
import { expect, test } from './fixtures';
import { brokerOf, makeDead } from './harness/dead-letters';
import { ended, makePlan, startJob } from './harness/jobs';
import { addPerson } from './harness/people';
import { sendRaw } from './harness/raw-send';
import { rssBytes } from './harness/rss';
import { headersFor } from './sign-in';

const MIB = 1024 * 1024;
const ESC = '\u001b';
const RTL = '\u202e';
/** What a producer may put into anything it controls. */
const HOSTILE = [
  '<img src=x onerror="window.owned=1">',
  '</script><script>window.owned=1</script>',
  'javascript:window.owned=1',
  `"><svg onload=window.owned=1>`,
  `{{constructor.constructor('window.owned=1')()}}`,
  `${ESC}[2J${ESC}]0;owned\u0007`,
  `${RTL}gpj.exe`,
];

async function expectHarmless(page: Page, where: string): Promise<void> {
  const owned = await page.evaluate(() => (window as unknown as { owned?: number }).owned ?? null);
  expect(owned, where).toBeNull();
  expect(await page.locator('img[src="x"], svg[onload], a[href^="javascript:"]').count(), where).toBe(0);
  expect(await page.title(), where).not.toContain('owned');
}

test('C31 whatever producers and brokers say is text, on every page that shows it', { tag: '@turn-2' }, async ({
  page,
  api,
  oracle,
  unique,
  watched,
}) => {
  test.setTimeout(240_000);
  const word = 'W'.repeat(MIB);
  const dead = await makeDead(oracle, api, unique('hostile'), [
    ...HOSTILE.map((text, n) => ({
      keys: `H-${n}-${text.replace(/\s/g, '_')}`,
      tags: text.replace(/[\s|]/g, '_'),
      body: n % 2 ? text : JSON.stringify({ note: text, [text]: 1 }),
      properties: { errorType: text, errorMessage: text, note: text },
    })),
    { keys: 'H-long', tags: 'LONG', body: word, properties: { errorMessage: 'L'.repeat(20_000) } },
  ]);
  const { group, topic } = dead;
  const reply = await api.get<LettersReply>('/api/dead-letters/messages', { group, limit: 50 });
  // `page` fails by itself on a policy violation, a script error and a request to elsewhere.
  for (const address of [
    `/dead-letters/group?group=${group}`,
    '/dead-letters',
    `/topics/detail?topic=${encodeURIComponent(`%DLQ%${group}`)}`,
    `/topics/detail?topic=${topic}`,
    `/groups/detail?group=${group}`,
    `/retries?group=${group}`,
    '/audit',
  ]) {
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
    await expectHarmless(page, address);
  }
  for (const { id, keys } of reply.items) {
    await page.goto(`/dead-letters/group?group=${group}&letter=${encodeURIComponent(id)}`);
    const drawer = page.getByRole('complementary', { name: 'Dead letter' });
    await expect(drawer).toContainText(keys[0] ?? 'H-');
    await expectHarmless(page, `letter ${keys[0]}`);
  }
  for (const { keys, uniqKey } of reply.items.slice(0, 2)) {
    for (const asked of [keys[0] ?? '', uniqKey ?? '']) {
      await page.goto(`/trace?id=${encodeURIComponent(asked)}`);
      // No id or key that one can ask for holds a control character.
      const told = /\p{Cc}/u.test(asked) ? 'holds a control character' : asked.slice(0, 4);
      await expect(page.getByRole('main')).toContainText(told);
      await expectHarmless(page, `trace of ${asked}`);
    }
  }
  // What somebody types, and what an address claims.
  for (const address of ['/groups', '/jobs', '/audit']) {
    await page.goto(`${address}?q=${encodeURIComponent(HOSTILE.join(' '))}`);
    await expectHarmless(page, `searched ${address}`);
  }
  const plan = await makePlan(api, 'handle', { group, select: { ids: dead.ids.slice(0, 1) } });
  const job = await startJob(api, plan, HOSTILE.slice(0, 4).join(' '));
  await page.goto(`/jobs/${job.id}`);
  await expect(page.getByText('onerror="window.owned=1"').first()).toBeVisible();
  await expectHarmless(page, 'reason of a job');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  expect(readFileSync(`${watched.dataDir}.log`, 'utf8')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
});

const FORMULAS = ['=cmd|"/C calc"!A0', '+1+cmd', '-2+3', '@SUM(1)', '\tx', '\r=1+1', '=HYPERLINK("http://evil")'];

test('C32 C33 an exported letter is no formula as CSV, the same bytes as JSONL, and on record with its count', async ({
  api,
  oracle,
  unique,
  watched,
}) => {
  test.setTimeout(240_000);
  const dead = await makeDead(
    oracle,
    api,
    unique('formula'),
    FORMULAS.map((text, n) => ({
      keys: `F-${n}`,
      tags: 'F',
      body: text,
      properties: { errorMessage: text },
    })),
  );
  const download = async (format: 'csv' | 'jsonl') => {
    const plan = await makePlan(api, 'export', { group: dead.group, select: { ids: dead.ids }, format });
    const { id } = await ended(api, (await startJob(api, plan)).id);
    const address = `${watched.url}/api/jobs/export?id=${id}`;
    const answer = await fetch(address, { headers: headersFor(address) });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-disposition': expect.stringMatching(new RegExp(`^attachment; filename="[\\w.-]+\\.${format}(\\.gz)?"$`)),
      'x-content-type-options': 'nosniff',
      'cache-control': expect.stringContaining('no-store'),
    });
    const { items } = await api.get<AuditReply>('/api/audit', { last: 'all', q: id });
    expect(items.map(({ phase, counts }) => [phase, counts?.EXPORTED ?? counts?.letters ?? null])).toContainEqual([
      'result',
      FORMULAS.length,
    ]);
    return { id, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const csv = (await download('csv')).bytes.toString('utf8');
  const cells = cellsOf(csv);
  expect(cells.length).toBe(1 + FORMULAS.length);
  for (const row of cells)
    for (const cell of row) expect(cell, JSON.stringify(row)).not.toMatch(/^[=+\-@\t\r](?!\d+(\.\d+)?$)/);
  for (const text of FORMULAS) expect(cells.flat(), text).toContain(`'${text}`);

  const { bytes } = await download('jsonl');
  const lines = gunzipSync(bytes)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const bodies = lines.flatMap((line) => Object.values(line)).map(String);
  for (const text of FORMULAS)
    expect(
      bodies.some((body) => body === text || Buffer.from(body, 'base64').toString() === text),
      text,
    ).toBe(true);

  // Not for everybody.
  const viewer = await addPerson(watched.url, unique('viewer'), ['viewer']);
  const { items: jobs } = await api.get<{ items: { id: string }[] }>('/api/jobs', {
    group: dead.group,
    kind: 'export',
  });
  for (const { id } of jobs) expect((await viewer.ask(`/api/jobs/export?id=${id}`)).status).toBe(403);
});

/** RFC 4180, quotes and all. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv
    .replace(/^\ufeff/, '')
    .matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (quoted === undefined && plain === '' && end === '') break;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

const ZLIB = 0x301;
const LZ4 = 0x101;
const ZSTD = 0x201;
const UNKNOWN = [0x401, 0x501, 0x601, 0x701];
/** Zstandard by hand: one byte, 128 KB times. */
const zstdOfZeros = (blocks: number): Buffer =>
  Buffer.concat([
    Buffer.from('28b52ffd0058', 'hex'),
    ...Array.from({ length: blocks }, () => Buffer.from('02001000', 'hex')),
    Buffer.from('010000', 'hex'),
  ]);

test('C36 a body that inflates a thousandfold is not inflated, one of an unknown codec is shown as stored', {
  tag: '@turn-3',
}, async ({ page, api, oracle, unique, cluster, watched }) => {
  test.setTimeout(240_000);
  const dead = await makeDead(oracle, api, unique('bomb'), [{ keys: 'B-0', body: 'small' }]);
  const { group } = dead;
  const broker = brokerOf(cluster, dead);
  const bomb = deflateSync(Buffer.alloc(200 * MIB));
  expect(bomb.length).toBeLessThan(250_000);
  const sent: [string, Buffer, number, string][] = [
    ['zlib', bomb, ZLIB, 'too_large'],
    ['zlib of an old client', bomb, 1, 'too_large'],
    ['zstd', zstdOfZeros(1000), ZSTD, 'too_large'],
    ['no lz4', Buffer.from('this is no frame of LZ4'), LZ4, 'corrupt'],
    ...UNKNOWN.map((flag): [string, Buffer, number, string] => [
      `codec ${flag >> 8}`,
      Buffer.from('whatever this is'),
      flag,
      'unknown_codec',
    ]),
  ];
  const before = rssBytes(watched.pid);
  const topic = `%DLQ%${group}`;
  const ids: string[] = [];
  for (const [what, body, sysFlag] of sent)
    ids.push(await sendRaw(broker, { topic, body, sysFlag, properties: { KEYS: what.replaceAll(' ', '-') } }));
  const letters = () => api.look<LettersReply>('/api/dead-letters/messages', { group, limit: 50 });
  await expect.poll(async () => (await letters()).items?.length, { timeout: 60_000 }).toBe(1 + sent.length);
  let most = 0;
  const watch = () => {
    most = Math.max(most, rssBytes(watched.pid));
  };
  for (const [index, [what, body, , reason]] of sent.entries()) {
    const id = ids[index] ?? '';
    for (let n = 0; n < 5; n++) {
      const detail = await api.get<MessageDetail>('/api/messages/detail', { id });
      watch();
      expect(detail.body, what).toMatchObject({ kind: 'unreadable', reason, storedBytes: body.length });
    }
    const address = `${watched.url}/api/messages/body?as=stored&id=${encodeURIComponent(id)}`;
    const stored = await fetch(address, { headers: headersFor(address) });
    expect(Buffer.from(await stored.arrayBuffer()).equals(body), what).toBe(true);
    await page.goto(`/dead-letters/group?group=${group}&letter=${encodeURIComponent(id)}`);
    const drawer = page.getByRole('complementary', { name: 'Dead letter' });
    await expect(drawer, what).toContainText(
      { too_large: 'Too large to inflate here', corrupt: 'cannot be inflated', unknown_codec: 'not known here' }[
        reason
      ] ?? '',
    );
    await expect(drawer.getByRole('link', { name: 'Download' })).toHaveAttribute('href', /as=stored/);
    watch();
  }
  const { text } = await api.ask(`/api/dead-letters/search?group=${group}&in=body&text=nothing`);
  expect(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ ended: 'complete' });
  watch();
  expect(most - before).toBeLessThan(64 * MIB);
});
