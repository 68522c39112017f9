import type { DeadLetterGroupRow, LettersReply } from '@/lib/contract/dead-letters';
import type { GroupDetail } from '@/lib/contract/groups';
import type { MessageDetail, RetriesReply } from '@/lib/contract/messages';
import { expect, test } from './fixtures';
import { headersFor } from './sign-in';

test('a message that waits for its retry shows attempt and due time', async ({ page, api, oracle, unique }) => {
  const [topic, group] = [unique('retry'), unique('retry-reader')];
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await oracle.startConsumer({ group, topic, mode: 'fail', maxReconsumeTimes: 40 });
  await oracle.send(topic, [{ keys: 'WAIT-1', tags: 'LATE', body: '{"wait":true}' }]);
  const retries = () => api.ask<RetriesReply>(`/api/retries?group=${group}`);
  const waiting = async () => {
    const { messages = [], totals } = (await retries()).body;
    // The attempt before may not be committed yet: it is the same message.
    expect(messages.length).toBeLessThanOrEqual(1);
    expect((totals?.due ?? 0) + (totals?.waiting ?? 0)).toBe(messages.length);
    return messages.find(({ where }) => where === 'waiting');
  };
  // Past the levels of one second, so that it can be seen.
  const seen = await oracle.until(waiting, (message) => (message?.attempt ?? 0) >= 4, 60_000);
  expect(seen).toMatchObject({ keys: ['WAIT-1'], tag: 'LATE', originTopic: topic, dueAt: expect.any(Number) });
  expect(seen?.attempt).toBe((seen?.reconsumeTimes ?? 0) + 1);
  const due = (seen?.dueAt ?? 0) - (seen?.storedAt ?? 0);
  expect(due).toBeGreaterThan(-1500);
  expect(due).toBeLessThanOrEqual(4500);
  // The client has been handed every attempt before the one that waits.
  const attempts = (await oracle.received(group)).map(({ reconsumeTimes }) => reconsumeTimes);
  expect(attempts).toEqual(attempts.map((_, n) => n));
  expect(attempts.length).toBeGreaterThanOrEqual((seen?.attempt ?? 0) - 1);

  await page.goto(`/retries?group=${group}`);
  const table = page.getByRole('table', { name: 'Messages waiting for another attempt' });
  await expect(table.getByRole('row', { name: /^Waiting.*WAIT-1/ })).toContainText(/\d+ of \d+/, {
    timeout: 60_000,
  });
  await oracle.stopConsumer(group);
});

test('what nobody takes any more lies in the retry topic and is counted as due', async ({ api, oracle, unique }) => {
  const [topic, group] = [unique('retry'), unique('retry-left')];
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await oracle.startConsumer({ group, topic, mode: 'fail', maxReconsumeTimes: 40 });
  await oracle.send(topic, [{ keys: 'DUE-1', body: 'x' }]);
  await oracle.until(
    () => oracle.received(group),
    (received) => received.length >= 1,
  );
  await oracle.stopConsumer(group);
  await expect
    .poll(() => api.look<RetriesReply>('/api/retries', { group }))
    .toMatchObject({
      totals: { waiting: 0, due: 1 },
      messages: [{ where: 'due', keys: ['DUE-1'], originTopic: topic, dueAt: null }],
    });
  await expect
    .poll(() => api.look<GroupDetail>('/api/groups/detail', { group }))
    .toMatchObject({ retriesDue: 1, deadLetters: 0 });
});

test('dead letters newest first, with bodies as JSON, text and hex, properties and origin', async ({
  page,
  api,
  oracle,
  unique,
  watched,
}) => {
  const [topic, group] = [unique('letters'), unique('letters-reader')];
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  const evil = '<img src=x onerror="document.title=1">';
  await oracle.send(topic, [
    {
      keys: 'JSON-1',
      tags: 'T1',
      body: '{"orderId":"ORD-1","名":"测试"}',
      properties: { errorType: 'Timeout', note: evil },
    },
    { keys: 'TEXT-1', body: `plain ${evil} 编号` },
    { keys: 'HEX-1', bodyBase64: Buffer.from([0, 255, 254, 128, 7]).toString('base64') },
  ]);
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 2, count: 3 });
  const dead = await oracle.readAll(`%DLQ%${group}`);
  expect(dead).toHaveLength(3);
  const reply = (await oracle.until(
    () => api.look<LettersReply>('/api/dead-letters/messages', { group }),
    ({ items }) => items?.length === 3,
  )) as LettersReply;
  expect(reply).toMatchObject({
    group,
    topic: `%DLQ%${group}`,
    total: 3,
    counts: { open: 3, handled: 0, redriven: 0 },
  });
  expect(reply.total).toBe(await oracle.dlqCount(group));
  const died = reply.items.map(({ diedAt }) => diedAt);
  expect(died).toEqual([...died].sort((a, b) => b - a));
  for (const item of reply.items) {
    const twin = dead.find(({ keys }) => keys === item.keys[0]);
    expect(item).toMatchObject({
      uniqKey: twin?.uniqKey,
      originTopic: topic,
      broker: twin?.broker,
      queueOffset: twin?.offset,
      storedAt: twin?.storeTimestamp,
      attempts: 3,
      state: 'dead',
    });
    const detail = await api.get<MessageDetail>('/api/messages/detail', { id: item.id });
    expect(detail.offsetMessageId).toBe(twin?.offsetMsgId);
    expect(detail.properties).toMatchObject({ KEYS: twin?.keys, UNIQ_KEY: twin?.uniqKey, RETRY_TOPIC: topic });
    const stored = await fetch(`${watched.url}/api/messages/body?id=${encodeURIComponent(item.id)}`, {
      headers: headersFor(`${watched.url}/api/`),
    });
    expect(Buffer.from(await stored.arrayBuffer()).toString('base64')).toBe(twin?.bodyBase64);
    expect(stored.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"$/);
  }
  const kinds = await Promise.all(
    ['JSON-1', 'TEXT-1', 'HEX-1'].map(async (key) => {
      const id = reply.items.find(({ keys }) => keys[0] === key)?.id;
      return (await api.get<MessageDetail>('/api/messages/detail', { id })).body;
    }),
  );
  expect(kinds).toMatchObject([
    { kind: 'json', text: expect.stringContaining('测试') },
    { kind: 'text', text: `plain ${evil} 编号` },
    { kind: 'binary', text: expect.stringMatching(/^00\s?ff\s?fe\s?80\s?07$/i) },
  ]);

  await page.goto(`/dead-letters/group?group=${group}`);
  const title = await page.title();
  const table = page.getByRole('table', { name: 'Dead letters, newest first' });
  await expect(table.getByRole('row')).toHaveCount(4);
  for (const [key, text] of [
    ['JSON-1', '测试'],
    ['TEXT-1', evil],
    ['HEX-1', /00\s?ff\s?fe/i],
  ] as const) {
    await table
      .getByRole('row', { name: new RegExp(key) })
      .getByRole('rowheader')
      .click();
    const drawer = page
      .getByRole('complementary', { name: 'Dead letter' })
      .or(page.getByRole('dialog', { name: /Dead letter/ }));
    await expect(drawer).toContainText(key);
    await expect(drawer).toContainText(text);
    await expect(drawer).toContainText(topic);
    await page.keyboard.press('Escape');
  }
  expect(await page.title()).toBe(title);
});

test('the list of groups counts what the brokers count', async ({ page, api, oracle, shop }) => {
  for (const group of Object.keys(shop.dead)) {
    const before = await oracle.dlqCount(group);
    let count = -1;
    const counted = async () => {
      const { items } = await api.look<{ items: DeadLetterGroupRow[] }>('/api/dead-letters', { q: group });
      count = items?.find((item) => item.group === group)?.count ?? -1;
      return count;
    };
    await expect.poll(counted).toBeGreaterThanOrEqual(before);
    expect(count).toBeLessThanOrEqual(await oracle.dlqCount(group));
  }
  // Each was there a moment ago, and letters stay.
  const { items } = await api.get<{ items: DeadLetterGroupRow[] }>('/api/dead-letters', { limit: 500 });
  expect(items.length).toBeGreaterThanOrEqual(Object.keys(shop.dead).length);
  await page.goto('/dead-letters');
  const table = page.getByRole('table', { name: 'Groups with dead letters' });
  for (const group of Object.keys(shop.dead))
    await expect(table.getByRole('link', { name: group, exact: true })).toBeVisible();
});
