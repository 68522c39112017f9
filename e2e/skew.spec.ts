import type { LagReply } from '@/lib/contract/groups';
import type { WhyReply } from '@/lib/contract/why';
import { expect, test } from './fixtures';
import { numberIn, rowsOf } from './harness/table';

const HOT = { broker: 'broker-b', queueId: 19 };
const NAME = `${HOT.broker}/${HOT.queueId}`;

test('one hot queue of 64 is named first, drains slowest, and no member more would help', async ({
  page,
  api,
  oracle,
  unique,
}) => {
  test.setTimeout(400_000);
  const [topic, group] = [unique('wide'), unique('wide-reader')];
  await oracle.createTopic(topic, { queues: 32 });
  await oracle.createGroup(group, { orderly: true });
  const every = ['broker-a', 'broker-b'].flatMap((broker) =>
    Array.from({ length: 32 }, (_, queueId) => ({ broker, queueId })),
  );
  const hot = (count: number) => Array.from({ length: count }, () => ({ ...HOT, tags: 'slow' }));
  await oracle.send(topic, [...hot(3_000), ...every]);
  for (const member of [1, 2])
    await oracle.startConsumer({ group, topic, mode: 'success', orderly: true, slowMs: 50, member });

  // Most of what goes on coming has the hot key, less of it than its one thread reads.
  const why = async () => {
    await oracle.send(topic, [...hot(6), ...every.slice(0, 2)]);
    return api.look<WhyReply>('/api/groups/why', { group });
  };
  const gistOf = ({ advice, findings }: Partial<WhyReply>) => [
    findings?.[0]?.key,
    ...(advice?.options.map(({ kind, key }) => `${kind}: ${key}`) ?? []),
    typeof advice?.drainMs,
  ];
  // All that follows is of the answer that is waited for.
  let told: Partial<WhyReply> = {};
  const isDraining = async () => {
    told = await why();
    return gistOf(told);
  };
  await expect
    .poll(isDraining, { timeout: 120_000 })
    .toEqual(['hot_key', 'members: members_hot', 'threads: threads_one', 'queues: queues_little', 'number']);
  expect(told.findings?.[0]).toMatchObject({ key: 'hot_key', params: { queue: NAME, queues: 64 } });
  expect(told.findings?.[0]?.params.ofLagShare).toBeGreaterThan(0.9);
  expect(told.advice?.verdict.key).toBe('nothing_helps');

  // As slow as the slowest queue, not as fast as the sum of all.
  const own = await oracle.until(
    async () =>
      (await api.look<LagReply>('/api/groups/lag', { group, topic })).queues?.find(
        ({ broker, queueId }) => broker === HOT.broker && queueId === HOT.queueId,
      ),
    (queue) => typeof queue?.lag === 'number' && typeof queue.outPerS === 'number',
  );
  const alone = ((own?.lag ?? 0) * 1000) / ((own?.outPerS ?? 0) - (own?.inPerS ?? 0));
  const drainMs = told.advice?.drainMs;
  expect(drainMs).toBeGreaterThan(alone * 0.7);
  expect(drainMs).toBeLessThan(alone * 1.4);

  await page.goto(`/groups/detail?group=${group}`);
  const sentence = page.locator('p.sentence');
  await expect(sentence).toContainText(new RegExp(`${NAME} holds \\d+\\s?%`));
  await expect(sentence).toContainText('which also reads 31 others');
  await expect(sentence).toContainText('At these rates it is read in ≈');
  const finding = page.getByRole('listitem').filter({ hasText: 'of what is written' });
  await expect(finding).toContainText('one of 64 queues');
  await expect(finding).toContainText('More members do not help');
  await expect(page.getByText('Nothing of this: see the findings first.')).toBeVisible();
  const table = page.getByRole('table', { name: `Queues of ${topic} read by ${group}` });
  const first = table.getByRole('row').nth(1);
  await expect(first).toContainText(NAME);
  await expect(first).toBeInViewport();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(sentence).toContainText(NAME);
  await expect(sentence).toBeInViewport();
  await expect(first).toContainText(NAME);
  await page.setViewportSize({ width: 1440, height: 900 });

  // Standing still, so that all who look see the same.
  for (const member of [1, 2]) await oracle.setMode(group, 'block', member);
  const truth = async () => (await oracle.consumeStats(group, topic)).filter((row) => row.topic === topic);
  const waiting = (rows: Awaited<ReturnType<typeof truth>>) =>
    rows.reduce((sum, { brokerOffset, consumerOffset }) => sum + brokerOffset - consumerOffset, 0);
  // What was read before is committed half a second later, and a sweep sees it later still.
  await expect(async () => {
    const [rows, reply] = [await truth(), await api.get<LagReply>('/api/groups/lag', { group, topic })];
    expect(rows).toHaveLength(64);
    expect(reply.totals).toMatchObject({ lag: waiting(rows), queues: 64 });
    for (const { broker, queueId, brokerOffset, consumerOffset } of rows)
      expect(reply.queues.find((queue) => queue.broker === broker && queue.queueId === queueId)).toMatchObject({
        committedOffset: consumerOffset,
        maxOffset: brokerOffset,
        lag: brokerOffset - consumerOffset,
      });
  }).toPass({ timeout: 60_000 });
  await expect(async () => {
    const shown = await rowsOf(table);
    expect(shown).toHaveLength(64);
    expect(shown.reduce((sum, { Lag }) => sum + numberIn(Lag), 0)).toBe(waiting(await truth()));
  }).toPass({ timeout: 60_000 });
  for (const member of [1, 2]) await oracle.stopConsumer(group, member);
});
