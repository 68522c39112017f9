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
  await oracle.untilCommitted(group, topic, 8);
  await oracle.stopConsumer(group);
  await send(11);

  // A broker's queues are a moment behind its log.
  const rows = await oracle.until(
    async () => (await oracle.consumeStats(group, topic)).filter((row) => row.topic === topic),
    (found) => found.reduce((sum, row) => sum + row.brokerOffset - row.consumerOffset, 0) === 11,
  );
  const stored = await oracle.readAll(topic);
  // A sweep may be older, or miss a broker that is busy.
  await expect(async () => {
    const reply = await api.get<LagReply>('/api/groups/lag', { group, topic });
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
  }).toPass({ timeout: 30_000 });

  await page.goto(`/groups/detail?group=${group}`);
  const table = page.getByRole('table', { name: `Queues of ${topic} read by ${group}` });
  await expect(table.getByRole('row')).toHaveCount(rows.length + 1);
  await expect(async () => {
    for (const cells of await rowsOf(table)) {
      const row = rows.find(({ broker, queueId }) => cells.Queue === `${broker}/${queueId}`);
      expect(row, JSON.stringify(cells)).toBeTruthy();
      expect(numberIn(cells['Group offset'])).toBe(row?.consumerOffset);
      expect(numberIn(cells['Max offset'])).toBe(row?.brokerOffset);
      expect(numberIn(cells.Lag)).toBe((row?.brokerOffset ?? 0) - (row?.consumerOffset ?? 0));
    }
  }).toPass({ timeout: 30_000 });

  // Nobody is connected, and the page and the list say so.
  const detail = () => api.look<GroupDetail>('/api/groups/detail', { group });
  await expect.poll(async () => (await detail()).status).toBe('NO_MEMBERS');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('NO MEMBERS');
});

test('a group that hangs is stalled, with its member and the queues it holds', async ({ page, api, oracle, shop }) => {
  test.setTimeout(300_000);
  expect(shop.late).toEqual([]);
  const row = async () =>
    (await api.look<GroupsReply>('/api/groups', { q: 'inventory-sync' })).items?.find(
      ({ group }) => group === 'inventory-sync',
    );
  await expect.poll(async () => (await row())?.status, { timeout: 90_000 }).toBe('STALLED');
  const members = async () =>
    (await api.look<GroupDetail>('/api/groups/detail', { group: 'inventory-sync' })).members ?? [];
  // A client comes back to a broker that was away with one of its next heartbeats.
  const [member] = await oracle.until(members, (found) => found.length === 1 && found[0]?.brokers.length === 2);
  expect(member).toMatchObject({ language: 'JAVA' });
  expect([...(member?.brokers ?? [])].sort()).toEqual(['broker-a', 'broker-b']);
  const held = await oracle.consumeStats('inventory-sync', 'inventory-delta');
  const holders = async () => {
    const query = { group: 'inventory-sync', topic: 'inventory-delta' };
    return (await api.look<LagReply>('/api/groups/lag', query)).queues?.map((queue) => queue.clientId);
  };
  // A client gives up the queues of a broker that was away, and takes them back within a route poll (30 s) and a rebalance (20 s).
  await expect
    .poll(holders, { timeout: 90_000 })
    .toEqual(held.filter(({ topic }) => topic === 'inventory-delta').map(() => member?.clientId));

  await page.goto('/groups');
  const table = page.getByRole('table', { name: 'Consumer groups' });
  await expect(table.getByRole('row', { name: /inventory-sync/ })).toContainText('STALLED');
  await expect(table.getByRole('row', { name: /risk-scoring/ })).toContainText('NO MEMBERS');
  await table.getByRole('link', { name: 'inventory-sync', exact: true }).click();
  await page.getByRole('link', { name: /^Members/ }).click();
  await expect(page.getByRole('main')).toContainText(member?.clientId ?? '?');
});

test('statuses of the shop, and the overview puts the worst first', async ({ page, api, shop }) => {
  expect(Object.keys(shop.dead).length).toBeGreaterThan(3);
  const statuses = async () => {
    const { items = [] } = await api.look<GroupsReply>('/api/groups', { limit: 500 });
    return Object.fromEntries(items.map(({ group, status }) => [group, status]));
  };
  await expect.poll(statuses, { timeout: 90_000 }).toMatchObject({
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
