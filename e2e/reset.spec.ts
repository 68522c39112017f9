import type { GroupDetail } from '@/lib/contract/groups';
import type { JobDetail } from '@/lib/contract/jobs';
import type { ResetPlan } from '@/lib/contract/plans';
import { test as base, expect } from './fixtures';
import type { Api } from './harness/api';
import { ended, itemsOf, makePlan, startJob } from './harness/jobs';
import { numberIn, rowsOf } from './harness/table';
import type { WireProxy } from './proxy/proxy';
import type { Oracle } from './sandbox/oracle';

const RESET = 222;
const UPDATE_OFFSET = 15;
const SERVER_SIDE = 'useServerSideResetOffset';

interface Consumed {
  topic: string;
  group: string;
  /** Between the two batches. */
  at: number;
  second: string[];
}

/** What the tests below ask for, by whether the reader stays. Made together: each takes most of ten seconds. */
const STOCK = [false, true, false, true, false];

// Of this file, not of the worker: another set of worker fixtures would start the console again.
let stock: { stay: boolean; made: Promise<Consumed> }[] | undefined;

const test = base.extend<{ consumed: (options?: { stay: boolean }) => Promise<Consumed> }>({
  consumed: [
    async ({ oracle }, use) => {
      stock ??= STOCK.map((stay, index) => {
        const made = makeConsumed(oracle, `${index}-${process.pid.toString(36)}`, stay);
        // It is told to the test that wants it.
        made.catch(() => {});
        return { stay, made };
      });
      // While the first test has the cluster: another worker's tests may then take it for themselves.
      await Promise.allSettled(stock.map(({ made }) => made));
      const left = stock;
      await use(async ({ stay } = { stay: false }) => {
        const at = left.findIndex((each) => each.stay === stay);
        const [found] = left.splice(at, at < 0 ? 0 : 1);
        if (!found) throw new Error(`STOCK has no group that ${stay ? 'stays' : 'has left'}.`);
        return found.made;
      });
    },
    { timeout: 300_000 },
  ],
});

/** A group that has read two batches, a second apart, from four queues on two brokers. */
async function makeConsumed(oracle: Oracle, suffix: string, stay: boolean): Promise<Consumed> {
  const [topic, group] = [`reset-${suffix}`, `reset-reader-${suffix}`];
  await oracle.createTopic(topic, { queues: 2 });
  await oracle.createGroup(group);
  const batch = (from: number, count: number) =>
    oracle.send(
      topic,
      Array.from({ length: count }, (_, n) => ({ keys: `R-${from + n}`, body: `{"n":${from + n}}` })),
    );
  await batch(0, 12);
  // Screens take times to the second.
  const at = Math.floor(Date.now() / 1000) * 1000 + 1000;
  await expect.poll(() => Date.now() > at, { intervals: [50] }).toBe(true);
  const second = (await batch(12, 8)).map(({ keys }) => keys ?? '');
  await oracle.startConsumer({ group, topic, mode: 'success' });
  await oracle.until(
    () => oracle.received(group),
    (received) => new Set(received.map(({ keys }) => keys)).size === 20,
  );
  await oracle.untilCommitted(group, topic, 20);
  if (!stay) await oracle.stopConsumer(group);
  return { topic, group, at, second };
}

async function searched(oracle: Oracle, topic: string, at: number): Promise<Record<string, number>> {
  const queues = await oracle.topicStats(topic);
  const found = queues.map(async ({ broker, queueId }) => [
    `${broker}/${queueId}`,
    await oracle.searchOffset({ topic, broker, queueId }, at),
  ]);
  return Object.fromEntries(await Promise.all(found));
}

const targetsOf = (plan: ResetPlan) =>
  Object.fromEntries(plan.queues.map(({ broker, queueId, targetOffset }) => [`${broker}/${queueId}`, targetOffset]));

/** The only frame of a reset that is harmless on a broker which does not understand explicit offsets. */
function expectHarmless(wire: WireProxy, group: string, count: number): void {
  const resets = wire.requests(RESET).filter(({ fields }) => fields.group === group);
  expect(resets).toHaveLength(count);
  for (const { fields } of resets) {
    expect(fields).toMatchObject({
      timestamp: '4102444800000',
      isForce: 'false',
      queueId: expect.stringMatching(/^\d+$/),
      offset: expect.stringMatching(/^\d+$/),
    });
  }
}

test.describe.configure({ timeout: 300_000 });
test.beforeEach(({ watched }) => watched.wire.clear());

test('an offline group goes back to a time and returns by undo, in the browser', async ({
  page,
  api,
  wire,
  oracle,
  consumed,
}) => {
  const { topic, group, at, second } = await consumed();
  const before = await oracle.offsets(group, topic);
  await untilSwept(api, group, topic);

  await page.goto(`/offsets/reset?group=${group}&topic=${topic}`);
  // The topic is seconds old: six hours would be an empty picture.
  const range = page.getByRole('group', { name: 'Range of the histogram' });
  await expect(range.getByRole('button', { name: 'All kept', pressed: true })).toBeVisible();

  await page.goto(`/offsets/reset?group=${group}&topic=${topic}&at=${encodeURIComponent(new Date(at).toISOString())}`);
  await page.getByRole('button', { name: 'Make plan' }).click();
  const table = page.getByRole('table', { name: 'Plan per queue' });
  await expect(table).toBeVisible();
  expect(wire.writeFrames().filter(({ fields }) => fields.group === group)).toEqual([]);
  const expected = await searched(oracle, topic, at);
  const rows = await rowsOf(table);
  for (const [queue, offset] of Object.entries(expected)) {
    const row = rows.find((cells) => Object.values(cells).some((text) => text.includes(queue)));
    if (before[queue] === offset && !row) continue;
    expect(numberIn(row?.['New offset']), `${queue} ${JSON.stringify(row)}`).toBe(offset);
    expect(numberIn(row?.['Offset now']), queue).toBe(before[queue]);
  }
  const apply = page.getByRole('button', { name: /^Reset \d+ queues?, replay 8$/ });
  await expect(apply).toBeDisabled();
  await page.getByLabel('Reason').fill('the second batch was handled by a broken build');
  await apply.click();

  const id = await jobInAddress(page);
  expect(await ended(api, id)).toMatchObject({ state: 'DONE', kind: 'reset', group });
  await expect.poll(() => oracle.offsets(group, topic)).toEqual(expected);
  await expect(page.getByRole('table', { name: 'Verification per queue' })).toContainText('Applied');

  await page
    .getByRole('link', { name: 'Undo…' })
    .or(page.getByRole('button', { name: 'Undo…' }))
    .first()
    .click();
  await expect(page.getByRole('table', { name: 'Plan per queue' })).toBeVisible();
  await page.getByLabel('Reason').fill('not needed after all');
  const typed = page.getByLabel(/^Type .* to confirm$/);
  await expect(typed).toBeVisible();
  await typed.fill('somebody-else');
  await expect(page.getByText(`it must say “${group}”`)).toBeVisible();
  const undo = page.getByRole('button', { name: /^Reset \d+ queues?, skip 8$/ });
  await expect(undo).toBeDisabled();
  await typed.fill(group);
  await undo.click();
  await expect.poll(async () => jobInAddress(page)).not.toBe(id);
  expect(await ended(api, await jobInAddress(page))).toMatchObject({ state: 'DONE' });
  await expect.poll(() => oracle.offsets(group, topic)).toEqual(before);

  const changed = Object.keys(expected).filter((queue) => expected[queue] !== before[queue]).length;
  expectHarmless(wire, group, changed * 2);
  expect(wire.requests(UPDATE_OFFSET).filter(({ fields }) => fields.consumerGroup === group)).toEqual([]);

  // Back once more, and the real client receives the second batch and nothing else.
  await ended(api, (await startJob(api, await planTo(api, { topic, group }, { kind: 'timestamp', at }))).id);
  await oracle.forgetReceived(group);
  await oracle.startConsumer({ group, topic, mode: 'success' });
  const received = await oracle.until(
    () => oracle.received(group),
    (messages) => messages.length >= second.length,
  );
  expect(received.map(({ keys }) => keys).sort()).toEqual([...second].sort());
  await oracle.stopConsumer(group);
});

test('an online group follows and receives the messages again', async ({ api, wire, oracle, consumed }) => {
  const { topic, group, at, second } = await consumed({ stay: true });
  await oracle.forgetReceived(group);
  const plan = await planTo(api, { topic, group }, { kind: 'timestamp', at });
  expect(targetsOf(plan)).toEqual(await searched(oracle, topic, at));
  expect(plan).toMatchObject({ members: 1, totals: { replay: 8, skip: 0 }, refused: null, confirm: null });
  const { id } = await startJob(api, plan);
  const received = await oracle.until(
    () => oracle.received(group),
    (messages) => messages.length >= second.length,
    45_000,
  );
  expect(new Set(received.map(({ keys }) => keys))).toEqual(new Set(second));
  const job = await ended(api, id);
  expect(job.state).toBe('DONE');
  const states = (await itemsOf(api, id)).map(({ state }) => state);
  expect(states.filter((state) => !['APPLIED', 'APPLIED_THEN_MOVED', 'SKIPPED'].includes(state))).toEqual([]);
  expectHarmless(wire, group, plan.queues.filter(({ replay }) => replay > 0).length);
  await oracle.stopConsumer(group);
});

test('oldest kept and newest are resolved to explicit offsets; skipping has to be typed', async ({
  api,
  wire,
  oracle,
  consumed,
}) => {
  const { topic, group } = await consumed();
  const queues = await oracle.topicStats(topic);
  const edge = (pick: 'minOffset' | 'maxOffset') =>
    Object.fromEntries(queues.map((queue) => [`${queue.broker}/${queue.queueId}`, queue[pick]]));

  const back = await planTo(api, { topic, group }, { kind: 'earliest' });
  expect(targetsOf(back)).toEqual(edge('minOffset'));
  expect(back).toMatchObject({ confirm: null, totals: { replay: 20, skip: 0 } });
  expect(await ended(api, (await startJob(api, back)).id)).toMatchObject({ state: 'DONE' });
  expect(await oracle.offsets(group, topic)).toEqual(edge('minOffset'));

  const forward = await planTo(api, { topic, group }, { kind: 'latest' });
  expect(targetsOf(forward)).toEqual(edge('maxOffset'));
  expect(forward).toMatchObject({ confirm: group, totals: { replay: 0, skip: 20 } });
  wire.clear();
  for (const confirm of [undefined, 'yes', group.toUpperCase()]) {
    const answer = await api.post('/api/jobs', { token: forward.token, reason: 'skip what piled up', confirm });
    expect(answer.status, answer.text).toBe(422);
    expect(answer.body.hint?.length).toBeGreaterThan(5);
  }
  expect(wire.requests(RESET)).toEqual([]);
  expect(await ended(api, (await startJob(api, forward)).id)).toMatchObject({ state: 'DONE' });
  expect(await oracle.offsets(group, topic)).toEqual(edge('maxOffset'));
});

test.describe('with the setting of the brokers', () => {
  test.use({ alone: true });

  test('a broker without explicit offsets: refused while online, written one by one while offline', async ({
    page,
    api,
    wire,
    oracle,
    consumed,
    cluster,
  }) => {
    const { topic, group, at } = await consumed({ stay: true });
    const setAll = (value: string) =>
      Promise.all(cluster.brokers.map(({ name }) => oracle.setBrokerConfig(name, SERVER_SIDE, value)));
    await setAll('false');
    try {
      const refused = await planTo(api, { topic, group }, { kind: 'timestamp', at });
      expect(refused.refused).toMatchObject({ key: expect.any(String) });
      const answer = await api.post('/api/jobs', { token: refused.token, reason: 'against the refusal' });
      expect(answer.status, answer.text).toBe(409);
      await page.goto(
        `/offsets/reset?group=${group}&topic=${topic}&step=plan&at=${encodeURIComponent(new Date(at).toISOString())}`,
      );
      await expect(page.getByText('takes no explicit offsets for an online group')).toBeVisible();
      await expect(page.getByRole('button', { name: /^Reset \d/ })).toHaveCount(0);
      expect(wire.requests(RESET)).toEqual([]);

      await oracle.stopConsumer(group);
      const before = await oracle.offsets(group, topic);
      const offline = await oracle.until(
        () => planTo(api, { topic, group }, { kind: 'timestamp', at }),
        ({ refused }) => refused === null,
      );
      expect(new Set(offline.queues.map((queue) => queue.path))).toEqual(new Set(['offset']));
      expect(await ended(api, (await startJob(api, offline)).id)).toMatchObject({ state: 'DONE' });
      expect(await oracle.offsets(group, topic)).toEqual({ ...before, ...targetsOf(offline) });
      expect(wire.requests(RESET)).toEqual([]);
      expect(wire.requests(UPDATE_OFFSET).length).toBeGreaterThan(0);
    } finally {
      await setAll('true');
    }
  });
});

test('C27 a second job of the same group is refused by the name of the first', async ({ api, wire, consumed }) => {
  const { topic, group } = await consumed();
  const [one, two] = [
    await planTo(api, { topic, group }, { kind: 'earliest' }),
    await planTo(api, { topic, group }, { kind: 'earliest' }),
  ];
  // The first is under way until the second has its answer.
  const held = wire.rule({ code: RESET, direction: 'response' }, { do: 'hold' });
  const first = await startJob(api, one);
  const second = await api.post('/api/jobs', { token: two.token, reason: 'at the same time' });
  held.release();
  expect(second.status, second.text).toBe(409);
  expect(second.body.message).toContain(first.id);
  await ended(api, first.id);
  const again = await api.post('/api/jobs', { token: one.token, reason: 'once more' });
  expect([409, 422]).toContain(again.status);
});

/** The console has seen all that was sent and read. */
async function untilSwept(api: Api, group: string, topic: string): Promise<void> {
  await expect.poll(() => api.look<GroupDetail>('/api/groups/detail', { group })).toMatchObject({ topics: [topic] });
}

async function planTo(api: Api, { topic, group }: Pick<Consumed, 'topic' | 'group'>, to: object): Promise<ResetPlan> {
  await untilSwept(api, group, topic);
  return makePlan<ResetPlan>(api, 'reset', { group, topic, to });
}

async function jobInAddress(page: { url(): string; waitForURL(url: RegExp): Promise<void> }): Promise<JobDetail['id']> {
  await page.waitForURL(/[?&]job=/);
  return new URL(page.url()).searchParams.get('job') ?? '';
}
