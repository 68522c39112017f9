import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { LettersReply } from '@/lib/contract/dead-letters';
import type { JobSummary } from '@/lib/contract/jobs';
import type { MessageDetail } from '@/lib/contract/messages';
import type { AnyPlan } from '@/lib/contract/plans';
import { expect, test } from './fixtures';
import { type Api, type ApiFault, apiOf } from './harness/api';
import { ended, makePlan, startJob } from './harness/jobs';
import { type NewConsole, startNewConsole } from './harness/new-console';
import { type Guard, startGuard } from './sandbox/guard';
import { browserCookie } from './sign-in';

/** Their messages come from `orders-paid`, which a rule is about: buyers are people, order numbers lead to them. */
const GROUP = 'orders-fulfilment';
const RULE = { name: 'buyers', topics: ['orders-paid'], hide: ['keys', 'body.buyer', 'properties.error*', 'remarks'] };
const PASSWORD = 'a long enough password';
/** `operator` is under the rule, `viewer` may not read messages at all. */
const READERS = ['operator', 'viewer'] as const;
type Reader = (typeof READERS)[number];

let guard: Guard;
let console_: NewConsole;
let api: Api;
const cookies = {} as Record<Reader, string>;
let letter: MessageDetail;
/** What a reader must not see anywhere. */
let hidden: Record<Reader, string[]>;

test.beforeAll(async ({ cluster, shop }) => {
  test.setTimeout(300_000);
  expect(Object.keys(shop.dead)).toContain(GROUP);
  guard = startGuard();
  const config = path.join(mkdtempSync(path.join(tmpdir(), 'redrive-masks-')), 'redrive.yaml');
  writeFileSync(config, JSON.stringify({ access: { masking: [RULE] } }));
  const env = { REDRIVE_CONFIG: config };
  console_ = await startNewConsole(cluster, guard, 'masks', { isLeftNew: false, env });
  api = apiOf(() => console_.url);
  const { items } = await api.get<LettersReply>('/api/dead-letters/messages', { group: GROUP, limit: 200 });
  letter = await api.get<MessageDetail>('/api/messages/detail', { id: items[0]?.id });
  const { buyer, orderId } = JSON.parse(letter.body.text) as { buyer: { name: string }; orderId: string };
  expect(letter).toMatchObject({ masked: null, keys: [orderId] });
  const causes = [...new Set(items.flatMap(({ cause }) => cause?.text ?? []))];
  expect(causes.length).toBeGreaterThan(1);
  hidden = { operator: [buyer.name, ...causes], viewer: [buyer.name, ...causes, ...items.flatMap(({ keys }) => keys)] };
  for (const role of READERS) {
    expect((await api.post('/api/accounts', { name: role, password: PASSWORD, roles: [role] })).status).toBe(200);
    const entered = await api.ask('/api/sign-in', {
      method: 'POST',
      isAnonymous: true,
      headers: { 'content-type': 'application/json', origin: console_.url },
      body: JSON.stringify({ name: role, password: PASSWORD }),
    });
    cookies[role] = [entered.headers['set-cookie']].flat()[0]?.split(';')[0] ?? '';
  }
});
test.afterAll(async () => {
  await console_?.kill();
  await guard?.close();
});

const ask = <T = ApiFault>(role: Reader, address: string, query: Record<string, string>) =>
  api.ask<T>(`${address}?${new URLSearchParams(query)}`, { headers: { cookie: cookies[role] } });

for (const role of READERS)
  test(`C34 lists, details, causes and traces hold nothing of what is hidden from ${role}`, async () => {
    const answers = {
      list: await ask<LettersReply>(role, '/api/dead-letters/messages', { group: GROUP, limit: '200' }),
      rows: await ask(role, '/api/dead-letters/rows', { group: GROUP, ids: letter.id }),
      causes: await ask(role, '/api/dead-letters/failures', { group: GROUP }),
      groups: await ask(role, '/api/dead-letters', { q: GROUP }),
      detail: await ask<MessageDetail>(role, '/api/messages/detail', { id: letter.id }),
      trace: await ask(role, '/api/trace', { id: letter.uniqKey ?? '' }),
      runs: await ask(role, '/api/dead-letters/runs', { group: GROUP, id: letter.id }),
      retries: await ask(role, '/api/retries', { group: GROUP }),
    };
    for (const [name, { status, text }] of Object.entries(answers)) {
      expect(status, name).toBe(200);
      for (const secret of hidden[role]) expect(text, `${name} of ${role}`).not.toContain(secret);
    }
    const by = role === 'operator' ? ['buyers'] : [];
    for (const row of answers.list.body.items) expect(row).toMatchObject({ keys: [], cause: null, masked: { by } });
    expect(answers.detail.body).toMatchObject({ keys: [], masked: { by }, properties: { KEYS: '•••' } });
    expect(answers.detail.body.body.kind).toBe(role === 'operator' ? 'json' : 'masked');
  });

test('C34 nothing can be found, downloaded or edited by what is hidden', async () => {
  const key = letter.keys[0] ?? '';
  const refused: [string, Record<string, string>][] = [
    ['/api/dead-letters/messages', { group: GROUP, q: key }],
    ['/api/dead-letters/search', { group: GROUP, in: 'path', name: 'buyer.name', text: 'a' }],
    ['/api/dead-letters/search', { group: GROUP, in: 'property', name: 'errorType', text: 'a' }],
    ['/api/messages/body', { id: letter.id }],
  ];
  for (const [address, query] of refused)
    for (const role of READERS) {
      const { status, text, body } = await ask(role, address, query);
      expect(status, `${role} ${address} ${text}`).toBe(403);
      if (role === 'operator') expect(body.message, address).toContain('buyers');
    }
  for (const role of READERS)
    expect((await ask(role, '/api/trace', { id: key })).body).toMatchObject({
      found: false,
      missing: expect.arrayContaining([{ key: 'keys_masked', params: {} }]),
    });
  const edit = { body: '{}', keys: '', tag: 'PAID', properties: {} };
  const plan = { group: GROUP, select: { ids: [letter.id] }, target: { kind: 'group' }, edit };
  const headers = { cookie: cookies.operator, origin: console_.url };
  const answer = await api.post('/api/plans/redrive', plan, headers);
  expect(answer.status, answer.text).toBe(403);
  expect(answer.body.message).toContain('buyers');
});

test('C34 an export is masked for who makes it, and one that is not is kept from him', async () => {
  const as = { headers: { cookie: cookies.operator, origin: console_.url } };
  const ownApi: Api = {
    ...api,
    post: (address, json, headers) => api.post(address, json, { ...as.headers, ...headers }),
  };
  const select = { all: true };
  const whole = await makePlan<AnyPlan>(api, 'export', { group: GROUP, select });
  const foreign = await ended(api, ((await startJob(api, whole)) as JobSummary).id);
  expect((await ask('operator', '/api/jobs/export', { id: foreign.id })).status).toBe(403);
  const plan = await makePlan<AnyPlan>(ownApi, 'export', { group: GROUP, select });
  expect(plan.warnings).toEqual([expect.objectContaining({ key: 'masked_by', params: { rules: 'buyers' } })]);
  const own = await ended(api, ((await startJob(ownApi, plan)) as JobSummary).id);
  expect((await ask('operator', '/api/jobs/export', { id: own.id })).status).toBe(200);
  const { file } = own as unknown as { file: { name: string; count: number } };
  const lines = gunzipSync(readFileSync(path.join(console_.dataDir, 'exports', file.name)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(file.count);
  for (const line of lines) {
    const text = JSON.stringify(line) + Buffer.from(line.body, 'base64').toString();
    for (const secret of hidden.operator) expect(text).not.toContain(secret);
  }
});

test('C34 pages show what is masked as that, and by what', async ({ browser }) => {
  const address = `${console_.url}/dead-letters/group?group=${GROUP}&letter=${encodeURIComponent(letter.id)}`;
  const lookAs = async (role: Reader) => {
    const context = await browser.newContext();
    await context.addCookies([browserCookie(console_.url, cookies[role])]);
    const page = await context.newPage();
    await page.goto(address);
    return { context, page };
  };
  const operator = await lookAs('operator');
  await expect(operator.page.getByText('•••').first()).toBeVisible();
  await expect(operator.page.getByText('Hidden by the rule buyers.').first()).toBeAttached();
  await expect(operator.page.getByRole('button', { name: 'Edit' })).toHaveAttribute('aria-disabled', 'true');
  const html = await operator.page.content();
  for (const secret of hidden.operator) expect(html).not.toContain(secret);
  await operator.context.close();
  const viewer = await lookAs('viewer');
  await expect(viewer.page.getByText('Your role does not allow you to read messages here.').first()).toBeAttached();
  await viewer.context.close();
});
