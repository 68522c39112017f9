import type { TopicDetail, TopicProducers, TopicsReply } from '@/lib/contract/topics';
import { expect, test } from './fixtures';
import { numberIn, rowsOf } from './harness/table';

// None needs another: whichever worker is free takes the next.
test.describe.configure({ mode: 'parallel' });

test('list and detail show per queue what the brokers say', async ({ page, api, oracle, unique }) => {
  const [topic, group] = [unique('topic-figures'), unique('topic-reader')];
  await oracle.createTopic(topic, { queues: 2 });
  await oracle.createGroup(group);
  await oracle.send(
    topic,
    Array.from({ length: 13 }, (_, n) => ({ keys: `T-${n}`, body: `{"n":${n}}` })),
  );
  await oracle.startConsumer({ group, topic, mode: 'success' });
  await oracle.until(
    () => oracle.received(group),
    (received) => received.length >= 13,
  );
  await oracle.untilCommitted(group, topic, 13);
  await oracle.stopConsumer(group);
  await oracle.send(topic, [{ keys: 'T-13', body: 'unread' }]);

  // A broker's queues are a moment behind its log.
  const stats = await oracle.until(
    () => oracle.topicStats(topic),
    (queues) => queues.reduce((sum, { minOffset, maxOffset }) => sum + maxOffset - minOffset, 0) === 14,
  );
  const row = async () => (await api.look<TopicsReply>('/api/topics', { q: topic })).items?.[0];
  const figures = { kept: 14, worstLag: 1, worstGroup: group, worstStatus: 'NO_MEMBERS', queues: 4, groups: 1 };
  const lastStoredAt = Math.max(...stats.map(({ lastUpdateTimestamp }) => lastUpdateTimestamp));
  // Who is connected is asked for every group within a minute.
  await expect.poll(row, { timeout: 90_000 }).toMatchObject({ topic, ...figures, lastStoredAt });
  const byQueue = (rows: readonly { broker: string; queueId: number }[]) =>
    [...rows].sort((a, b) => a.broker.localeCompare(b.broker) || a.queueId - b.queueId);
  // A sweep may miss a broker that is busy.
  await expect(async () => {
    const detail = await api.get<TopicDetail>('/api/topics/detail', { topic });
    expect(byQueue(detail.queues).map((queue) => ({ ...queue, unknown: undefined }))).toEqual(
      byQueue(stats).map((queue) => {
        const { broker, queueId, minOffset, maxOffset, lastUpdateTimestamp } = queue as (typeof stats)[number];
        const kept = maxOffset - minOffset;
        return {
          broker,
          queueId,
          minOffset,
          maxOffset,
          kept,
          lastStoredAt: lastUpdateTimestamp || null,
          unknown: undefined,
        };
      }),
    );
    expect(detail.groups).toEqual([expect.objectContaining({ group, lag: 1, members: 0 })]);
    expect(detail.route.map(({ broker }) => broker).sort()).toEqual(['broker-a', 'broker-b']);
    expect(detail.config.map(({ broker }) => broker).sort()).toEqual(['broker-a', 'broker-b']);
  }).toPass({ timeout: 30_000 });

  await page.goto(`/topics?q=${topic}`);
  const listed = page.getByRole('table', { name: 'Topics' }).getByRole('row', { name: new RegExp(topic) });
  await expect(listed).toHaveCount(1);
  await expect(async () => {
    const [shown] = await rowsOf(page.getByRole('table', { name: 'Topics' }));
    expect([shown?.Queues, shown?.Kept, shown?.['Worst lag']]).toEqual(['4', '14', '1']);
    expect(shown?.['Behind most']).toBe(`NO MEMBERS ${group}`);
    expect(shown?.Retention).toMatch(/left$/);
  }).toPass({ timeout: 30_000 });

  await listed.getByRole('link', { name: topic, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: topic })).toBeVisible();
  await expect(page.getByRole('table', { name: `Groups that read ${topic}` })).toContainText(group);
  await page.getByRole('link', { name: /^Queues/ }).click();
  const queues = page.getByRole('main').getByRole('table').first();
  await expect(queues.getByRole('row')).toHaveCount(stats.length + 1);
  await expect(async () => {
    for (const cells of await rowsOf(queues)) {
      const place = Object.values(cells).join(' ');
      const queue = stats.find(({ broker, queueId }) => place.includes(`${broker}/${queueId}`));
      expect(queue, place).toBeTruthy();
      const numbers = Object.values(cells).map(numberIn);
      expect(numbers, place).toEqual(expect.arrayContaining([queue?.minOffset, queue?.maxOffset]));
    }
  }).toPass({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Configuration' }).click();
  await expect(page.getByRole('main')).toContainText(/writeQueue|write queues/i);
});

test('producers: who wrote the newest message of each queue, by the name of the client', async ({
  page,
  api,
  shop,
}) => {
  test.setTimeout(400_000);
  expect(shop.late).toEqual([]);
  const reply = await api.get<TopicProducers>('/api/topics/producers', { topic: 'orders-paid' });
  expect(reply.queues).toBeGreaterThan(0);
  expect(reply.producers.map(({ group }) => group)).toContain('checkout');
  expect(reply.producers.reduce((sum, { queues }) => sum + queues, 0)).toBe(reply.queues);

  await page.goto('/topics/detail?topic=orders-paid');
  // The first figure is that of a whole minute, which begins anew after a sweep that missed a broker.
  const throughput = page.getByRole('img', { name: /^Throughput/ });
  await expect(throughput).toBeVisible({ timeout: 240_000 });
  await page.getByRole('link', { name: 'Producers' }).click();
  const client = reply.producers.find(({ group }) => group === 'checkout')?.clientId ?? '?';
  await expect(page.getByRole('table', { name: 'Producers of orders-paid' })).toContainText(client);
});

test('the shop: type of every topic, internal ones folded away but there', async ({ page, api, shop }) => {
  const { items, total, hiddenInternal } = await api.get<TopicsReply>('/api/topics', { limit: 500 });
  expect(total).toBeGreaterThanOrEqual(shop.topics);
  expect(items.map(({ topic }) => topic)).toContain('shop|legacy%import');
  expect(Object.fromEntries(items.map(({ topic, type }) => [topic, type]))).toMatchObject({
    'orders-paid': 'NORMAL',
    'ledger-entries': 'FIFO',
    'invoices-due': 'DELAY',
    'payments-captured': 'TRANSACTION',
  });
  expect(hiddenInternal).toBeGreaterThan(0);
  expect(items.filter(({ topic }) => /^%|^RMQ_SYS|^SCHEDULE_TOPIC/.test(topic))).toEqual([]);
  // A sweep may be older than the first dead letter.
  const all = async () => (await api.look<TopicsReply>('/api/topics', { limit: 500, internal: 'true' })).items;
  await expect
    .poll(async () => (await all())?.map(({ topic }) => topic))
    .toEqual(expect.arrayContaining(['%DLQ%crm-sync', '%RETRY%crm-sync']));

  await page.goto('/topics?q=legacy');
  await page.getByRole('link', { name: 'shop|legacy%import', exact: true }).click();
  await expect(page).toHaveURL(/topic=shop%7Clegacy%25import/);
  await expect(page.getByRole('heading', { level: 1, name: 'shop|legacy%import' })).toBeVisible();
});
