import type { Page } from '@playwright/test';
import type { ClustersReply } from '@/lib/contract/clusters';
import type { LettersReply } from '@/lib/contract/dead-letters';
import type { GroupsReply } from '@/lib/contract/groups';
import type { JobDetail, JobSummary } from '@/lib/contract/jobs';
import type { RedrivePlan } from '@/lib/contract/plans';
import { expect, test, type Watched } from './fixtures';
import type { Api } from './harness/api';
import { ended, makePlan, startJob } from './harness/jobs';

/** Safety §4.3: a read answers within this, also when a broker says nothing. */
const DEADLINE_MS = 5_500;
const BROKER = 'broker-b';

const LISTS = ['/api/topics', '/api/groups', '/api/dead-letters', '/api/retries'];
const PAGES = [
  '/',
  '/topics',
  '/topics/detail?topic=orders-paid',
  '/groups',
  '/groups/detail?group=inventory-sync',
  '/dead-letters',
  '/dead-letters/group?group=coupon-issue',
  '/retries',
  '/retries?group=orders-fulfilment',
  '/jobs',
];

test.beforeEach(({ shop }) => expect(shop.late).toEqual([]));

async function health(api: Api): Promise<{ health: string; broker: string | undefined }> {
  const [cluster] = (await api.look<ClustersReply>('/api/clusters')).items ?? [];
  return {
    health: cluster?.health ?? '?',
    broker: cluster?.brokers.find(({ name }) => name === BROKER)?.state,
  };
}

/** Every list and page answers in time with what is left, and names who is missing. */
async function expectPartial(api: Api, page: Page): Promise<void> {
  for (const path of [
    ...LISTS,
    '/api/topics/detail?topic=orders-paid',
    '/api/groups/detail?group=inventory-sync',
    '/api/groups/lag?group=inventory-sync&topic=inventory-delta',
    '/api/dead-letters/messages?group=coupon-issue',
    '/api/trace?id=ORD-884000',
  ]) {
    const startedAt = performance.now();
    const { status, body, text } = await api.ask<{ failures: { broker: string }[] }>(path);
    expect.soft(performance.now() - startedAt, path).toBeLessThan(DEADLINE_MS);
    expect.soft(status, `${path} ${text.slice(0, 300)}`).toBe(200);
    expect.soft(body.failures?.map(({ broker }) => broker) ?? [], path).toContain(BROKER);
  }
  for (const path of PAGES) {
    const startedAt = performance.now();
    await page.goto(path);
    expect.soft(performance.now() - startedAt, path).toBeLessThan(DEADLINE_MS + 1_000);
    await expect.soft(page.getByRole('heading', { level: 1 }).first(), path).toBeVisible();
    // Jobs are the console's own: no broker is missing from them.
    if (path !== '/jobs') await expect.soft(page.getByText(BROKER).first(), path).toBeVisible();
  }
  const letters = await api.get<LettersReply>('/api/dead-letters/messages', { group: 'coupon-issue' });
  const letter = letters.items.find(({ id }) => !id.startsWith(`${BROKER}:`));
  await page.goto(`/dead-letters/group?group=coupon-issue&letter=${encodeURIComponent(letter?.id ?? '')}`);
  const drawer = page.locator('.drawer');
  await expect(drawer.getByText(`${BROKER} did not answer: attempts and copies`)).toBeVisible();
  await expect(drawer.getByText('No other copy of it is stored.')).toHaveCount(0);
  const groups = await api.get<GroupsReply>('/api/groups', { limit: 500 });
  expect(groups.items.map(({ group }) => group)).toContain('risk-scoring');
}

async function expectWhole(watched: Watched): Promise<void> {
  await expect.poll(() => health(watched.api), { timeout: 90_000 }).toEqual({ health: 'ok', broker: 'ok' });
  for (const path of LISTS) {
    await expect.poll(async () => (await watched.api.look<{ failures: unknown[] }>(path)).failures).toEqual([]);
  }
}

test.describe('with one broker', () => {
  test.use({ alone: true });

  test('one broker stopped: everything answers with the rest, and it returns by itself', { tag: '@turn-1' }, async ({
    page,
    api,
    watched,
    cluster,
  }) => {
    test.setTimeout(400_000);
    await cluster.kill(BROKER);
    try {
      await expect.poll(() => health(api), { timeout: 30_000 }).toEqual({ health: 'partial', broker: 'stale' });
      await expectPartial(api, page);
    } finally {
      await cluster.start(BROKER);
    }
    await expectWhole(watched);
  });
});

// It takes connections and what is sent to it, and says nothing; to all others it is as ever.
test('C38 one broker hangs: the same, within the same deadline', { tag: '@turn-2' }, async ({
  page,
  api,
  watched,
  wire,
  cluster,
}) => {
  test.setTimeout(400_000);
  const target = cluster.brokers.find(({ name }) => name === BROKER)?.address ?? '';
  const silence = wire.rule({ target }, { do: 'blackhole' });
  await expect.poll(() => health(api), { timeout: 30_000 }).toEqual({ health: 'partial', broker: 'stale' });
  await expectPartial(api, page);
  await page.goto('/offsets/reset?group=inventory-sync&topic=inventory-delta&to=earliest&step=plan');
  await expect(page.getByText(`without ${BROKER}: not answered`)).toBeVisible();
  silence.release();
  await expectWhole(watched);
});

test('one broker hangs within a redrive: its page says so, the letters of the other go on, and the rest follows', {
  tag: '@turn-3',
}, async ({ page, api, watched, wire, cluster, oracle, unique }) => {
  test.setTimeout(300_000);
  const [topic, group] = [unique('hangs'), unique('hangs-reader')];
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  const names = cluster.brokers.map(({ name }) => name);
  const messages = Array.from({ length: 40 }, (_, n) => ({
    keys: `H-${n}`,
    body: `{"n":${n}}`,
    broker: names[n % names.length] ?? '',
    queueId: 0,
  }));
  await oracle.send(topic, messages);
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: 40 });
  await oracle.startConsumer({ group, topic, mode: 'success' });
  const letters = () => api.ask<LettersReply>(`/api/dead-letters/messages?group=${group}`);
  await expect.poll(async () => (await letters()).body.items?.length).toBe(40);
  const plan = await makePlan<RedrivePlan>(api, 'redrive', {
    group,
    select: { all: true },
    target: { kind: 'group' },
    rate: 5,
  });
  watched.wire.clear();
  const { id } = await startJob(api, plan);
  await expect.poll(() => watched.wire.requests(310).length, { intervals: [20] }).toBeGreaterThan(2);
  const target = cluster.brokers.find(({ name }) => name === BROKER)?.address ?? '';
  const silence = wire.rule({ target }, { do: 'blackhole' });
  await page.goto(`/jobs/${id}`);
  await expect(page.getByText(new RegExp(`Waiting for ${BROKER}, .* since`))).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/of other brokers go(es)? on|No letter of another broker is left/)).toBeVisible();
  const job = () => api.get<JobDetail>('/api/jobs/detail', { id });
  const unsentOfOthers = async () => {
    const { outcomes, progress } = await job();
    return (outcomes.SELECTED ?? 0) - (progress?.waiting?.letters ?? 0);
  };
  await expect.poll(unsentOfOthers, { timeout: 30_000 }).toBe(0);
  expect((await job()).state).toBe('RUNNING');
  silence.release();
  expect(await ended(api, id)).toMatchObject({ state: 'DONE', total: 40 });
  await expect(page.getByText(new RegExp(`Waiting for ${BROKER}`))).toBeHidden();
});

test('no master can be reached: 503 with the next step for what has never been read', async ({ watched, cluster }) => {
  const { wire, api } = watched;
  await watched.kill();
  const cuts = cluster.brokers.map(({ address }) => wire.rule({ target: address }, { do: 'rst' }));
  await watched.restart({ waitForHealth: false });
  for (const path of LISTS) {
    const startedAt = performance.now();
    const { status, body, text } = await api.ask(path);
    expect(performance.now() - startedAt, path).toBeLessThan(DEADLINE_MS + 1_000);
    expect(status, `${path} ${text}`).toBe(503);
    expect(body).toMatchObject({ message: expect.stringContaining('master'), hint: expect.any(String) });
  }
  // A page says so in its first HTML, without a placeholder before it.
  for (const path of ['/topics', '/groups/detail?group=inventory-sync', '/topics/detail?topic=orders-paid']) {
    const { text } = await api.ask(path, { headers: { 'accept-language': 'en' } });
    expect.soft(text.replace(/<script\b[\s\S]*?<\/script>/g, ''), path).toContain('No master of the cluster');
  }
  expect((await api.ask('/healthz')).status).toBe(200);
  for (const cut of cuts) cut.release();
  await expectWhole(watched);
});

test('the console itself is gone: an open page says so and since when, and goes on by itself', async ({
  page,
  watched,
}) => {
  // The first visit is rendered once more in the browser's own time zone; from then on a cookie tells it.
  await page.goto('/groups');
  await expect.poll(async () => (await page.context().cookies()).map(({ name }) => name)).toContain('redrive-zone');
  await page.goto('/groups');
  const rows = page.getByRole('table', { name: 'Consumer groups' }).getByRole('row');
  await expect(rows.nth(1)).toBeVisible();
  await watched.kill();
  const notice = page.getByText(/Redrive itself does not answer since \d+:\d+/);
  await expect(notice).toBeVisible();
  await expect(rows.nth(1)).toBeVisible();
  await watched.restart();
  await expect(notice).toBeHidden();
});

test('the console is killed in a redrive: the restarted one knows what was sent and sends nothing twice', async ({
  api,
  watched,
  oracle,
  unique,
}) => {
  test.setTimeout(300_000);
  const [topic, group] = [unique('crash'), unique('crash-reader')];
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await oracle.send(
    topic,
    Array.from({ length: 8 }, (_, n) => ({ keys: `C-${n}`, body: `{"n":${n}}` })),
  );
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: 8 });
  await oracle.startConsumer({ group, topic, mode: 'success' });
  const letters = () => api.ask<LettersReply>(`/api/dead-letters/messages?group=${group}`);
  await expect.poll(async () => (await letters()).body.items?.length).toBe(8);
  const before = await api.get<{ items: JobSummary[] }>('/api/jobs', { limit: 100 });

  const plan = await makePlan<RedrivePlan>(api, 'redrive', {
    group,
    select: { all: true },
    target: { kind: 'group' },
    rate: 2,
  });
  watched.wire.clear();
  const { id } = await startJob(api, plan);
  await expect.poll(() => watched.wire.requests(310).length, { intervals: [20] }).toBeGreaterThan(2);
  await watched.kill();
  await watched.restart();

  const known = await api.get<{ items: JobSummary[] }>('/api/jobs', { limit: 100 });
  expect(known.items.map((job) => job.id)).toEqual(expect.arrayContaining(before.items.map((job) => job.id)));
  const job = await api.get<JobDetail>('/api/jobs/detail', { id });
  expect(['RUNNING', 'VERIFYING', 'DONE'], 'it goes on by itself').toContain(job.state);
  expect(job.audit.map(({ phase }) => phase)).toContain('intent');
  const end = await ended(api, id, 100_000);
  expect(end, JSON.stringify(end.note)).toMatchObject({ state: 'DONE' });
  const copies = (await oracle.readAll(`%RETRY%${group}`)).filter(
    ({ properties, reconsumeTimes }) => properties.RDX_OP === id && reconsumeTimes === 0,
  );
  const keys = copies.map(({ keys: key }) => key);
  expect(new Set(keys).size, 'no copy twice').toBe(keys.length);
  expect(keys.length).toBe(8);
  await oracle.stopConsumer(group);
});

test('a reset that was interrupted is shown as it is and its frames are not repeated', { tag: '@turn-3' }, async ({
  api,
  watched,
  oracle,
  unique,
}) => {
  const [topic, group] = [unique('crash-reset'), unique('crash-reset-reader')];
  await oracle.createTopic(topic, { queues: 2 });
  await oracle.createGroup(group);
  await oracle.send(
    topic,
    Array.from({ length: 8 }, () => ({ body: 'x' })),
  );
  await oracle.startConsumer({ group, topic, mode: 'success' });
  await oracle.until(
    () => oracle.received(group),
    (received) => received.length >= 8,
  );
  await oracle.untilCommitted(group, topic, 8);
  await oracle.stopConsumer(group);
  await expect.poll(async () => (await api.ask(`/api/groups/detail?group=${group}`)).status).toBe(200);
  const plan = await makePlan(api, 'reset', { group, topic, to: { kind: 'earliest' } });
  watched.wire.clear();
  const held = watched.wire.rule({ code: 222, direction: 'response' }, { do: 'hold' });
  const { id } = await startJob(api, plan);
  await held.hit();
  await watched.kill();
  held.release();
  const sent = () =>
    watched.wire
      .requests(222)
      .map(({ fields }) => `${fields.topic} ${fields.group} ${fields.queueId} ${fields.offset}`);
  const perBroker = () => watched.wire.requests(222).map(({ target, fields }) => `${target}/${fields.queueId}`);
  expect(sent().length).toBeGreaterThan(0);
  await watched.restart();
  const job = await ended(api, id);
  expect(['DONE', 'PARTIAL', 'FAILED', 'PAUSED']).toContain(job.state);
  expect(job.note ?? job.outcomes).toBeTruthy();
  expect(new Set(perBroker()).size, 'no frame twice').toBe(perBroker().length);
  expect(job.audit.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['intent', 'result']));
});
