import type { JobSummary } from '@/lib/contract/jobs';
import { median, quantile } from './bench/scale/table';
import { enter, expect, test } from './fixtures';
import { type Api, type ApiAnswer, type ApiFault, apiOf } from './harness/api';
import { type DeadLetters, makeDead, pausedRedrive } from './harness/dead-letters';
import { type NewConsole, startNewConsole } from './harness/new-console';
import { addPerson, cookieIn, type Guest, signIn } from './harness/people';
import { open } from './harness/streams';
import { startProxy, type WireProxy } from './proxy/proxy';
import { type Guard, startGuard } from './sandbox/guard';

/** A console with the limits that it has by itself, but for those that a busy machine, or two accounts, could not come near. */
const USUAL_RATE = 50;
const RATE = 20;
const USER_STREAMS = 8;
const ALL_STREAMS = 12;
/** Of a measurement whose median counts. */
const ROUNDS = 5;

let guard: Guard;
let wire: WireProxy;
let console_: NewConsole;
let api: Api;
let dead: DeadLetters;
let hog: Guest;
let other: Guest;

test.beforeAll(async ({ cluster, oracle }) => {
  test.setTimeout(300_000);
  guard = startGuard();
  wire = await startProxy([...cluster.nameServers, ...cluster.brokers.map(({ address }) => address)]);
  console_ = await startNewConsole(cluster, guard, 'limits', {
    addressMap: wire.addressMap,
    isLeftNew: false,
    hasLimits: true,
    // Then a header says where somebody is.
    env: {
      REDRIVE_USER_RATE: String(RATE),
      REDRIVE_STREAMS: String(ALL_STREAMS),
      REDRIVE_BEHIND_TLS: 'true',
      REDRIVE_SWEEP_MS: '5000',
    },
  });
  api = apiOf(() => console_.url);
  dead = await makeDead(
    oracle,
    api,
    `limits-${process.pid}`,
    Array.from({ length: 20 }, (_, n) => ({ keys: `L-${n}`, body: `{"n":${n}}` })),
  );
  hog = await addPerson(console_.url, 'hog', ['operator']);
  other = await addPerson(console_.url, 'other', ['operator']);
});
test.afterAll(async () => {
  await console_?.kill();
  await wire?.stop();
  await guard?.close();
});

const p95 = (times: readonly number[]): number => quantile(times, 0.95);

async function timesOf(count: number, ask: () => Promise<ApiAnswer>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const from = performance.now();
    const answer = await ask();
    times.push(performance.now() - from);
    expect(answer.status, answer.text).toBe(200);
  }
  return times;
}

/** So many ask again as soon as they are answered, until `stop`. */
function flood(many: number, ask: () => Promise<ApiAnswer<ApiFault>>) {
  const answers: ApiAnswer<ApiFault>[] = [];
  let isOver = false;
  const loops = Array.from({ length: many }, async () => {
    while (!isOver) answers.push(await ask());
  });
  return {
    answers,
    async stop() {
      isOver = true;
      await Promise.all(loops);
      return answers;
    },
  };
}

function expectOwnLimit(refused: ApiAnswer<ApiFault>[]): void {
  expect(refused.length).toBeGreaterThan(0);
  for (const { status, body, headers } of refused) {
    expect([status, body.code]).toEqual([429, 'too_many_requests']);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(body.message).toMatch(/more than 20 things a second|8 of your requests are being worked on/);
    expect(body.hint).toMatch(/REDRIVE_USER_(RATE|REQUESTS) sets/);
  }
}

test.describe('with nothing else on the machine', () => {
  // What other tests ask of the processors would be measured with it.
  test.use({ alone: true });

  test('C40 200 parallel requests of one account meet its own limits, and nobody else’s', {
    tag: '@turn-3',
  }, async () => {
    test.setTimeout(300_000);
    const letters = `/api/dead-letters/messages?group=${dead.group}`;
    const body = `/api/messages/detail?id=${encodeURIComponent(dead.ids[0] ?? '')}`;
    const look = () => other.ask(letters);
    await timesOf(10, look);
    const before: number[] = [];
    const during: number[] = [];
    const answers: ApiAnswer<ApiFault>[] = [];
    const from = Date.now();
    // By turns: what the machine does meanwhile shall fall on both.
    for (let round = 0; round < ROUNDS; round++) {
      before.push(p95(await timesOf(40, look)));
      const greedy = flood(200, () => hog.ask(Math.random() < 0.5 ? letters : body));
      // All of them have come, and come again.
      await expect.poll(() => greedy.answers.length).toBeGreaterThan(200);
      during.push(p95(await timesOf(40, look)));
      answers.push(...(await greedy.stop()));
    }
    const seconds = (Date.now() - from) / 1000;
    const done = answers.filter(({ status }) => status === 200);
    const rounds = (times: number[]) => times.map((time) => time.toFixed(1)).join(', ');
    test.info().annotations.push({
      type: 'measured',
      description: `p95 of another ${rounds(before)} ms before, ${rounds(during)} ms during; ${done.length} of ${answers.length} in ${seconds.toFixed(1)} s`,
    });
    console.log(test.info().annotations.at(-1)?.description);
    expectOwnLimit(answers.filter(({ status }) => status !== 200));
    // What was saved up, and the rate.
    expect(done.length).toBeLessThanOrEqual(RATE * (6 + seconds) + 1);
    // With two of the other's requests in front of each of his, and what a busy machine adds.
    expect(median(during)).toBeLessThan(5 * median(before) + 50);
    for (const [target, most] of Object.entries(wire.mostConnections())) expect(most, target).toBeLessThanOrEqual(1);

    const chinese = flood(60, () => api.ask(letters, { headers: { cookie: hog.cookie, 'accept-language': 'zh-CN' } }));
    await expect.poll(() => chinese.answers.some(({ status }) => status === 429)).toBe(true);
    const said = (await chinese.stop()).find(({ status }) => status === 429);
    expect(said?.body.message).toMatch(/每秒请求超过 20 次|8 个请求正在处理/);
    expect(said?.body.hint).toMatch(/REDRIVE_USER_/);
  });
});

test('C40 an API token counts with its account', async () => {
  const made = await hog.post<{ token: string }>('/api/me/tokens', { name: 'ci', days: 1, allow: ['metadata:read'] });
  expect(made.status, made.text).toBe(200);
  const authorization = `Bearer ${made.body.token}`;
  const greedy = flood(100, () => api.ask('/api/jobs', { headers: { authorization } }));
  await expect.poll(() => greedy.answers.some(({ status }) => status === 429)).toBe(true);
  // More than may have been saved up since the token was refused.
  const own = await Promise.all(Array.from({ length: 100 }, () => hog.ask('/api/jobs')));
  expectOwnLimit(own.filter(({ status }) => status !== 200));
  expect((await other.ask('/api/jobs')).status).toBe(200);
  await greedy.stop();
});

test('C40 50 event streams: as many as an account may have, as many as all may have, and none is lost count of', async () => {
  test.setTimeout(120_000);
  const job = await pausedRedrive(api, dead);
  const address = `${console_.url}/api/jobs/events?id=${job.id}`;
  const streams: Awaited<ReturnType<typeof open>>[] = [];
  // No more at a time than may be worked on.
  while (streams.length < 50)
    streams.push(...(await Promise.all(Array.from({ length: 5 }, () => open(address, hog.cookie)))));
  const refused = streams.filter(({ status }) => status !== 200);
  expect(streams.length - refused.length).toBe(USER_STREAMS);
  for (const { status, body } of refused) {
    expect(status).toBe(429);
    expect(body).toMatchObject({ code: 'too_many_requests', message: expect.stringContaining('8 streams open') });
    expect(body?.hint).toContain('REDRIVE_USER_STREAMS');
  }
  const theirs = await Promise.all(Array.from({ length: 6 }, () => open(address, other.cookie)));
  expect(theirs.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 503, 503]);
  const full = theirs.find(({ status }) => status === 503);
  expect(full?.body).toMatchObject({ code: 'busy', message: expect.stringContaining('12 streams are open') });
  expect(full?.body?.hint).toContain('REDRIVE_STREAMS');
  // HEAD leaves nothing open behind it.
  for (const stream of streams) stream.close();
  for (let n = 0; n < 3 * USER_STREAMS; n++)
    await expect
      .poll(async () => (await api.ask(address.slice(console_.url.length), { method: 'HEAD' })).status)
      .toBe(200);
  let again: typeof streams = [];
  const reopen = async () => {
    for (const stream of again) stream.close();
    again = await Promise.all(Array.from({ length: USER_STREAMS }, () => open(address, hog.cookie)));
    return again.map(({ status }) => status);
  };
  await expect.poll(reopen).toEqual(Array(USER_STREAMS).fill(200));
  for (const stream of [...again, ...theirs]) stream.close();
  await api.post<JobSummary>('/api/jobs/cancel', { id: job.id, reason: 'the test is over' });
});

test('C40 pages count too, and who is refused one is told why', async () => {
  const pages = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      api.ask(`/groups?n=${n}`, { headers: { cookie: hog.cookie, ...(n % 2 && { RSC: '1' }) } }),
    ),
  );
  // Next sends who asks for a part of a page without its own mark of that to the page.
  const refused = pages.filter(({ status }) => ![200, 307].includes(status));
  expect(refused.length).toBeGreaterThan(0);
  for (const { status, headers, text } of refused) {
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).toMatch(/more than 20 things a second|8 of your requests/);
  }
  expect((await api.ask('/groups', { headers: { cookie: other.cookie } })).status).toBe(200);
});

test('C40 who has not signed in counts by address, and keeps nobody out', { tag: '@turn-2' }, async () => {
  test.setTimeout(120_000);
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const strangers = [
    flood(60, () => signIn(api, console_.url, 'nobody', 'a wrong password', from('10.1.1.1'))),
    flood(60, () => api.ask('/sign-in', { isAnonymous: true, headers: from('10.1.1.1') })),
    flood(60, () => api.ask('/api/jobs', { isAnonymous: true, headers: from('10.1.1.1') })),
  ];
  await expect.poll(() => strangers.every(({ answers }) => answers.some(({ status }) => status === 429))).toBe(true);
  const entered = await signIn(api, console_.url, other.name, other.password, from('10.2.2.2'));
  expect(entered.status, entered.text).toBe(200);
  expect((await api.ask('/sign-in', { isAnonymous: true, headers: from('10.2.2.2') })).status).toBe(200);
  // At the same address, but known; and with a session that the console sees for the first time.
  for (const cookie of [other.cookie, cookieIn(entered)])
    expect((await api.ask('/api/jobs', { headers: { cookie, ...from('10.1.1.1') } })).status).toBe(200);
  for (const { stop } of strangers) {
    const answers = await stop();
    expect(new Set(answers.map(({ status }) => status)).size).toBeLessThanOrEqual(3);
    for (const { status } of answers) expect([200, 401, 429]).toContain(status);
  }
});

test('C40 six tabs that somebody looks at stay far below every limit', { tag: '@turn-1' }, async ({ browser }) => {
  test.setTimeout(120_000);
  const addresses = [
    '/',
    '/groups',
    `/groups/detail?group=${dead.group}`,
    `/dead-letters/group?group=${dead.group}`,
    '/retries',
    '/jobs',
  ];
  const asked = new Map<string, number>();
  const refused: string[] = [];
  const contexts = await Promise.all(addresses.map(() => browser.newContext()));
  const LOOK_MS = 20_000;
  await Promise.all(
    addresses.map(async (address, n) => {
      const context = contexts[n];
      if (!context) return;
      await enter(context, console_.url);
      const page = await context.newPage();
      await page.goto(console_.url + address);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      page.on('request', (request) => {
        if (!request.url().includes('/_next/')) asked.set(address, (asked.get(address) ?? 0) + 1);
      });
      page.on('response', (response) => {
        if ([429, 503].includes(response.status())) refused.push(response.url());
      });
      await page.waitForTimeout(LOOK_MS);
    }),
  );
  for (const context of contexts) await context.close();
  const perMinute = Object.fromEntries([...asked].map(([address, count]) => [address, (count * 60_000) / LOOK_MS]));
  console.log('requests a minute', perMinute);
  expect(refused).toEqual([]);
  const perSecond = Object.values(perMinute).reduce((sum, count) => sum + count, 0) / 60;
  expect(perSecond).toBeGreaterThan(0);
  expect(perSecond).toBeLessThan(USUAL_RATE / 4);
});
