import type { LettersReply } from '@/lib/contract/dead-letters';
import type { GroupDetail, GroupsReply, LagReply } from '@/lib/contract/groups';
import type { RetriesReply } from '@/lib/contract/messages';
import type { RedrivePlan } from '@/lib/contract/plans';
import type { WhyReply } from '@/lib/contract/why';
import { test as base, expect } from './fixtures';
import { ended, makePlan, startJob } from './harness/jobs';
import { numberIn, rowsOf } from './harness/table';
import { type GrpcProxy, startGrpcProxy } from './sandbox/grpc-proxy';
import { startGuard } from './sandbox/guard';

/** Of the test, not of the worker: another set of worker fixtures would start the console again. */
const test = base.extend<{ grpcProxy: GrpcProxy }>({
  grpcProxy: [
    async ({ cluster }, use) => {
      const guard = startGuard();
      try {
        await use(await startGrpcProxy({ ...cluster, guard }));
      } finally {
        await guard.close();
      }
    },
    // The first time its jars are fetched.
    { timeout: 300_000 },
  ],
});

const NOBODY = /NO MEMBERS|OFFLINE|nobody is connected|none is connected/i;

test('a gRPC group behind a Proxy: lag, retries and dead letters are told, its members never as none', {
  tag: '@turn-3',
}, async ({ page, api, oracle, grpcProxy, unique }) => {
  test.setTimeout(400_000);
  const [topic, group] = [unique('pop'), unique('pop-reader')];
  const retryTopic = `%RETRY%${group}_${topic}`;
  await oracle.createTopic(topic, { queues: 2, type: 'NORMAL' });
  await oracle.createGroup(group, { retryMaxTimes: 1, retryAfterMs: 10_000 });
  const consumer = grpcProxy.consumer(group, topic);
  const send = (tags: string, count: number) =>
    oracle.send(
      topic,
      Array.from({ length: count }, (_, index) => ({ tags, keys: `${tags}-${index}` })),
    );
  const lagIn = async (name: string) => {
    const rows = await oracle.consumeStats(group, name).catch(() => []);
    return rows
      .filter((row) => row.topic === name)
      .reduce((sum, { brokerOffset, consumerOffset }) => sum + brokerOffset - consumerOffset, 0);
  };
  const detail = () => api.look<GroupDetail>('/api/groups/detail', { group });
  const main = page.getByRole('main');
  const heading = page.getByRole('heading', { level: 1 });

  await consumer.start();
  await send('ok', 4);
  await send('fail', 2);
  await send('once', 3);
  await oracle.until(
    async () => new Set(consumer.received().map(({ keys }) => keys)).size,
    (messages) => messages === 9,
  );
  // Away before the failed ones come back: the broker puts them into the POP retry topic, where they stay.
  await consumer.stop();
  const again = new Set(consumer.received().flatMap(({ keys, attempt }) => (attempt > 1 ? keys : [])));
  const left = ['fail-0', 'fail-1', 'once-0', 'once-1', 'once-2'].filter((key) => !again.has(key));
  expect(left.length).toBeGreaterThan(0);
  await send('hold', 12);

  await test.step('retries lie in the retry topic of group and topic', async () => {
    // Those that wait for their delay lie in the revive log: how many is not known.
    const counted = await oracle.until(detail, ({ retriesDue }) => retriesDue === left.length, 90_000);
    expect(counted).toMatchObject({ retriesWaiting: null, unknown: { retriesWaiting: 'pop_hidden' } });
    const retries = await oracle.until(
      () => api.look<RetriesReply>('/api/retries', { group }),
      ({ messages }) => messages?.length === left.length,
    );
    expect(retries.totals).toMatchObject({ waiting: null, due: left.length, unknown: { waiting: 'pop_hidden' } });
    for (const message of retries.messages ?? [])
      expect(message).toMatchObject({
        topic: retryTopic,
        originTopic: topic,
        attempt: 2,
        maxAttempts: 2,
        where: 'due',
      });
    await page.goto(`/retries?group=${group}`);
    await expect(main).toContainText('due and not taken yet.');
    await expect(main).toContainText('Messages of a POP group that wait for their delay cannot be counted');
    const rows = () => rowsOf(page.getByRole('table', { name: 'Messages waiting for another attempt' }));
    await expect.poll(async () => (await rows()).map((row) => row.Key).sort()).toEqual(left);
    expect(new Set((await rows()).map((row) => row['Origin topic']))).toEqual(new Set([topic]));
  });

  await test.step('lag is that of the brokers, and who reads is not known', async () => {
    // A broker's queues are a moment behind its log.
    await oracle.until(
      () => lagIn(topic),
      (waiting) => waiting === 12,
    );
    const rows = (await oracle.consumeStats(group, topic)).filter((row) => row.topic === topic);
    expect(rows).toHaveLength(4);
    const behind = await oracle.until(detail, ({ lag }) => lag === 12);
    expect(behind).toMatchObject({ mode: 'POP', membersKnown: false, unknown: { members: 'behind_proxy' } });
    await expect(async () => {
      const reply = await api.get<LagReply>('/api/groups/lag', { group });
      for (const { broker, queueId, brokerOffset, consumerOffset } of rows)
        expect(
          reply.queues.find((queue) => queue.topic === topic && queue.broker === broker && queue.queueId === queueId),
        ).toMatchObject({
          committedOffset: consumerOffset,
          maxOffset: brokerOffset,
          lag: brokerOffset - consumerOffset,
        });
      expect(reply.totals).toMatchObject({ lag: 12, retryLag: left.length });
    }).toPass({ timeout: 30_000 });

    await page.goto(`/groups/detail?group=${group}`);
    await expect(page.locator('p.sentence')).toContainText('(12 messages)');
    await expect(main).toContainText('no broker sees them (Proxy)');
    const table = page.getByRole('table', { name: `Queues of ${topic} read by ${group}` });
    await expect
      .poll(async () => (await rowsOf(table)).map(({ Lag }) => numberIn(Lag)).reduce((sum, lag) => sum + lag, 0))
      .toBe(12);
    expect(new Set((await rowsOf(table)).map((row) => row['Held by']))).toEqual(new Set(['POP: any member']));
    await expect(main).toContainText('Cannot be computed: its clients connect to a Proxy (gRPC)');
    await expect(heading).toContainText('POP');
    await expect(main).not.toContainText(NOBODY);
    await page.getByRole('link', { name: /^Members/ }).click();
    await expect(main).toContainText('Members are unknown');
    await expect(main).toContainText('only the Proxy knows');
    await page.getByRole('link', { name: /^Subscriptions/ }).click();
    await expect(main).toContainText('its clients connect to a Proxy (gRPC)');
    await expect(main).not.toContainText(NOBODY);
  });

  await test.step('a client that holds messages is still none that a broker sees', async () => {
    await consumer.start();
    await oracle.until(
      () => lagIn(topic),
      (waiting) => waiting < 12,
      60_000,
    );
    const [held] = await oracle.until(
      async () => [await detail(), await lagIn(topic)] as const,
      ([{ lag }, waiting]) => lag === waiting,
    );
    expect(held.lag).toBeGreaterThan(0);
    expect(held).toMatchObject({ mode: 'POP', membersKnown: false });
    expect(held.status).not.toBe('NO_MEMBERS');
    const why = await oracle.until(
      () => api.look<WhyReply>('/api/groups/why', { group }),
      ({ advice }) => advice !== undefined,
    );
    expect(why.findings?.map(({ key }) => key)).not.toContain('no_members');
    expect(why.advice?.verdict).toEqual({ key: 'members_unknown', params: { reason: 'behind_proxy' } });
  });

  await test.step('dead letters name the business topic, and the group turns OK', async () => {
    await consumer.release();
    await oracle.until(
      () => oracle.dlqCount(group),
      (dead) => dead === 2,
      120_000,
    );
    const letter = expect.objectContaining({ originTopic: topic, tag: 'fail', attempts: 2 });
    await expect
      .poll(async () => (await api.look<LettersReply>('/api/dead-letters/messages', { group })).items)
      .toEqual([letter, letter]);
    await page.goto(`/dead-letters/group?group=${group}`);
    const ledger = page.getByRole('table').first();
    await expect(ledger).toContainText('fail-0');
    await expect
      .poll(async () => (await rowsOf(ledger)).map((row) => [row['Origin topic'], row.Attempts]))
      .toEqual([
        [topic, '2'],
        [topic, '2'],
      ]);

    // The status is of a sweep that may be older than the second dead letter.
    await expect
      .poll(detail, { timeout: 90_000 })
      .toMatchObject({ status: 'OK', lag: 0, retriesDue: 0, deadLetters: 2, membersKnown: false });
    await expect
      .poll(async () => (await api.look<GroupsReply>('/api/groups', { q: group })).items)
      .toMatchObject([{ mode: 'POP', members: null, unknown: { members: 'behind_proxy' } }]);
    await page.goto(`/groups?q=${group}`);
    const row = page.getByRole('table', { name: 'Consumer groups' }).getByRole('row', { name: group });
    await expect(row).toContainText('POP');
    await expect(row).toContainText('unknown');
    await expect(row).not.toContainText(NOBODY);
  });

  await test.step('a redrive to only this group goes by its own retry topic, and reaches the gRPC client', async () => {
    const before = consumer.received().length;
    const asked = { group, select: { all: true }, target: { kind: 'group' }, rate: 20 };
    const makeIt = () => makePlan<RedrivePlan>(api, 'redrive', asked);
    // The broker would take what follows %RETRY% for the name of a group and make it.
    expect((await makeIt()).refused?.key).toBe('pop_junk_group');
    await oracle.createGroup(`${group}_${topic}`);
    await expect.poll(async () => (await makeIt()).refused).toBeNull();
    const plan = await makeIt();
    expect(plan.count).toBe(2);
    const { id } = await startJob(api, plan);
    expect(await ended(api, id)).toMatchObject({ state: 'DONE', total: 2 });
    const copies = (await oracle.readAll(retryTopic)).filter(
      ({ properties, reconsumeTimes }) => properties.RDX_OP === id && reconsumeTimes === 0,
    );
    expect(copies.map(({ keys }) => keys).sort()).toEqual(['fail-0', 'fail-1']);
    expect((await oracle.readAll(`%RETRY%${group}`)).filter(({ properties }) => properties.RDX_OP === id)).toEqual([]);
    const keysSince = () =>
      consumer
        .received()
        .slice(before)
        .map(({ keys }) => keys);
    // A broker wakes nobody for a POP retry topic, so a copy waits for the next poll; once it took more than a minute.
    await oracle.until(
      async () => keysSince().sort(),
      (keys) => keys.includes('fail-0') && keys.includes('fail-1'),
      150_000,
    );
  });
});
