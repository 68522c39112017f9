import type { GroupDetail, GroupsReply, LagReply } from '@/lib/contract/groups';
import { expect, test } from './fixtures';
import { numberIn, rowsOf } from './harness/table';

test('lag per queue is what the Java client computes, in messages and in time', async ({
  page,
  api,
  oracle,
  unique,
}) => {
  const [topic, group] = [unique('lag'), unique('lag-reader')];
  await oracle.createTopic(topic, { queues: 2 });
  await oracle.createGroup(group);
  const send = (count: number) =>
    oracle.send(
      topic,
      Array.from({ length: count }, () => ({ body: 'x' })),
    );
  await send(8);
  await oracle.startConsumer({ group, topic, mode: 'success' });
  await oracle.until(
    () => oracle.received(group),
    (received) => received.length === 8,
  );
  // A client that is stopped right after a message may lose what it has not committed yet.
  await oracle.until(
    () => oracle.offsets(group, topic),
    (offsets) => Object.values(offsets).reduce((sum, offset) => sum + offset, 0) === 8,
  );
  await oracle.stopConsumer(group);
  await send(11);

  const rows = (await oracle.consumeStats(group, topic)).filter((row) => row.topic === topic);
  const waiting = rows.reduce((sum, row) => sum + row.brokerOffset - row.consumerOffset, 0);
  expect(waiting).toBe(11);
  const lag = () => api.get<LagReply>('/api/groups/lag', { group, topic });
  await expect.poll(async () => (await api.ask<LagReply>(`/api/groups/lag?group=${group}`)).body.totals?.lag).toBe(11);
  const reply = await lag();
  const stored = await oracle.readAll(topic);
  for (const row of rows) {
    const { broker, queueId, brokerOffset, consumerOffset } = row;
    const next = stored.find((m) => m.broker === broker && m.queueId === queueId && m.offset === consumerOffset);
    const queue = reply.queues.find((candidate) => candidate.broker === broker && candidate.queueId === queueId);
    expect(queue).toMatchObject({
      committedOffset: consumerOffset,
      maxOffset: brokerOffset,
      lag: brokerOffset - consumerOffset,
      nextUnreadStoredAt: next?.storeTimestamp ?? null,
      clientId: null,
    });
  }
  expect(reply.totals).toMatchObject({ lag: 11, queues: rows.length });

  await page.goto(`/groups/detail?group=${group}`);
  const table = page.getByRole('table', { name: `Queues of ${topic} read by ${group}` });
  await expect(table.getByRole('row')).toHaveCount(rows.length + 1);
  for (const cells of await rowsOf(table)) {
    const row = rows.find(({ broker, queueId }) => cells.Queue === `${broker}/${queueId}`);
    expect(row, JSON.stringify(cells)).toBeTruthy();
    expect(numberIn(cells['Group offset'])).toBe(row?.consumerOffset);
    expect(numberIn(cells['Max offset'])).toBe(row?.brokerOffset);
    expect(numberIn(cells.Lag)).toBe((row?.brokerOffset ?? 0) - (row?.consumerOffset ?? 0));
  }

  // Nobody is connected, and the page and the list say so.
  await expect.poll(async () => (await detailOf(group)).status, { timeout: 30_000 }).toBe('NO_MEMBERS');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('NO MEMBERS', { timeout: 30_000 });
  async function detailOf(name: string): Promise<GroupDetail> {
    return api.get('/api/groups/detail', { group: name });
  }
});

test('a group that hangs is stalled, with its member and the queues it holds', async ({ page, api, oracle, shop }) => {
  test.setTimeout(180_000);
  expect(shop.late).toEqual([]);
  const row = async () =>
    (await api.get<GroupsReply>('/api/groups', { q: 'inventory-sync' })).items.find(
      ({ group }) => group === 'inventory-sync',
    );
  await expect.poll(async () => (await row())?.status, { timeout: 40_000 }).toBe('STALLED');
  const detail = await api.get<GroupDetail>('/api/groups/detail', { group: 'inventory-sync' });
  expect(detail.members).toHaveLength(1);
  expect(detail.members[0]).toMatchObject({ language: 'JAVA' });
  expect([...(detail.members[0]?.brokers ?? [])].sort()).toEqual(['broker-a', 'broker-b']);
  const held = await oracle.consumeStats('inventory-sync', 'inventory-delta');
  const holders = async () => {
    const query = { group: 'inventory-sync', topic: 'inventory-delta' };
    return (await api.get<LagReply>('/api/groups/lag', query)).queues.map(({ clientId }) => clientId);
  };
  // A client gives up the queues of a broker that was away, and takes them back within a route poll (30 s) and a rebalance (20 s).
  await expect
    .poll(holders, { timeout: 60_000 })
    .toEqual(held.filter(({ topic }) => topic === 'inventory-delta').map(() => detail.members[0]?.clientId));

  await page.goto('/groups');
  const table = page.getByRole('table', { name: 'Consumer groups' });
  await expect(table.getByRole('row', { name: /inventory-sync/ })).toContainText('STALLED');
  await expect(table.getByRole('row', { name: /risk-scoring/ })).toContainText('NO MEMBERS');
  await table.getByRole('link', { name: 'inventory-sync', exact: true }).click();
  await page.getByRole('link', { name: /^Members/ }).click();
  await expect(page.getByRole('main')).toContainText(detail.members[0]?.clientId ?? '?');
});

test('statuses of the shop, and the overview puts the worst first', async ({ page, api, shop }) => {
  expect(Object.keys(shop.dead).length).toBeGreaterThan(3);
  const statuses = async () => {
    const { items } = await api.get<GroupsReply>('/api/groups', { limit: 500 });
    return Object.fromEntries(items.map(({ group, status }) => [group, status]));
  };
  await expect.poll(statuses, { timeout: 40_000 }).toMatchObject({
    'risk-scoring': 'NO_MEMBERS',
    'inventory-sync': 'STALLED',
    'loyalty-points': 'OK',
  });
  await page.goto('/');
  const findings = page.getByRole('article');
  await expect(findings.first()).toContainText(/CRITICAL/i);
  await expect(findings.filter({ hasText: 'risk-scoring' }).first()).toContainText('NO MEMBERS');
  await expect(findings.filter({ hasText: 'inventory-sync' }).first()).toContainText('STALLED');
});
