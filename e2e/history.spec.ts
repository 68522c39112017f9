import type { ClustersReply } from '@/lib/contract/clusters';
import type { GroupDetail } from '@/lib/contract/groups';
import type { HistoryReply } from '@/lib/contract/history';
import type { ResetPlan } from '@/lib/contract/plans';
import { expect, test } from './fixtures';
import type { Api } from './harness/api';
import { ended, makePlan, startJob } from './harness/jobs';
import { numberIn, rowsOf } from './harness/table';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A point of the last hour spans 15 s, and is there once it is over. */
const A_POINT = { timeout: 60_000 };

const historyOf = (api: Api, group: string) => api.get<HistoryReply>('/api/groups/history', { group });
/** A broker that was too busy to answer for a moment leaves a gap too, which is no concern of these tests. */
const gapsSince = (history: HistoryReply, since: number) =>
  history.gaps.filter(({ to, reason }) => to > since && reason !== 'silent');
const last = (values: readonly (number | null)[]) => values.findLast((value) => value !== null);

test('what a group does is drawn, told in figures and marked with its jobs', async ({ page, api, oracle, unique }) => {
  test.setTimeout(400_000);
  const startedAt = Date.now();
  const [topic, group] = [unique('history'), unique('history-reader')];
  await oracle.createTopic(topic, { queues: 2 });
  await oracle.createGroup(group);
  const send = (count: number) =>
    oracle.send(
      topic,
      Array.from({ length: count }, () => ({ body: 'x' })),
    );
  await send(6);
  await oracle.startConsumer({ group, topic, mode: 'success' });
  await oracle.until(
    () => oracle.received(group),
    (received) => received.length >= 6,
  );
  await oracle.untilCommitted(group, topic, 6);
  // A sweep has seen it as well, with its reader: what a deserted group reads is a jump.
  await expect
    .poll(() => api.look<GroupDetail>('/api/groups/detail', { group }))
    .toMatchObject({ lag: 0, topics: [topic], members: [{ language: 'JAVA' }] });
  await oracle.stopConsumer(group);
  const lagNow = async () => last((await historyOf(api, group)).points.lag);
  await expect.poll(lagNow, A_POINT).toBe(0);
  await send(9);
  await expect.poll(lagNow, A_POINT).toBe(9);

  const stats = (await oracle.consumeStats(group, topic)).filter((row) => row.topic === topic);
  expect(stats.reduce((sum, row) => sum + row.brokerOffset - row.consumerOffset, 0)).toBe(9);
  const producedNow = async () =>
    (await historyOf(api, group)).points.inPerS.reduce<number>((sum, rate) => sum + (rate ?? 0), 0);
  await expect.poll(producedNow, A_POINT).toBeGreaterThan(0);
  const before = await historyOf(api, group);
  expect(before).toMatchObject({ group, stepMs: 15_000, marks: [] });
  // Other tests stopped this console earlier.
  expect(gapsSince(before, startedAt)).toEqual([]);
  // Unknown before the group was, and never zero.
  expect(before.points.lag[0]).toBeNull();

  const plan = await makePlan<ResetPlan>(api, 'reset', { group, topic, to: { kind: 'earliest' } });
  const job = await ended(api, (await startJob(api, plan)).id);
  await expect.poll(lagNow, A_POINT).toBe(15);
  await expect
    .poll(async () => (await historyOf(api, group)).marks)
    .toEqual([
      expect.objectContaining({ kind: 'job', id: job.id, jobKind: 'reset' }),
      expect.objectContaining({ kind: 'jump', direction: 'back', topic, messages: 6, jobId: job.id }),
    ]);

  await page.goto(`/groups/detail?group=${group}`);
  await page.getByRole('navigation', { name: 'Group' }).getByRole('link', { name: 'History' }).click();
  await expect(page).toHaveURL(/tab=history/);
  await expect(page.getByRole('img', { name: /^Lag, .* now 15, most 15, (no|\d+) gaps?\.$/ })).toBeVisible();
  for (const name of ['Time lag', 'Rates', 'Retries', 'Dead letters'])
    await expect(page.getByRole('img', { name: new RegExp(`^${name}, `) })).toBeVisible();
  await page.getByRole('button', { name: 'Show as table' }).click();
  const table = page.getByRole('table', { name: `History of ${group}` });
  await expect(async () => {
    const [newest] = await rowsOf(table);
    expect([numberIn(newest?.Lag ?? ''), numberIn(newest?.['Dead letters'] ?? '')]).toEqual([15, 0]);
  }).toPass({ timeout: 60_000 });

  await page.getByRole('group', { name: 'Range of the history' }).getByRole('button', { name: '24 h' }).click();
  await expect(page).toHaveURL(/range=24h/);
  await expect(page.getByText('one point per 5 min')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: '24 h' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('link', { name: /^Offset reset of .*: open job$/ }).click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${job.id}`));
});

test('a console that was stopped leaves a gap, and loses nothing from before', { tag: '@turn-3' }, async ({
  page,
  api,
  watched,
  shop,
}) => {
  test.setTimeout(300_000);
  expect(shop.late).toEqual([]);
  const group = 'inventory-sync';
  await expect.poll(async () => last((await historyOf(api, group)).points.lag) ?? 0, A_POINT).toBeGreaterThan(0);
  const sweptAt = async () => (await api.get<ClustersReply>('/api/clusters')).items[0]?.asOf ?? 0;
  const kept = await sweptAt();
  // The next sweep is shown when this one is in the store.
  await expect.poll(sweptAt).toBeGreaterThan(kept);
  const before = await historyOf(api, group);
  await watched.kill();
  const killedAt = Date.now();
  // As long as a gap has to be: the console sweeps every two seconds.
  await expect.poll(() => Date.now() - killedAt, { timeout: 60_000 }).toBeGreaterThan(32_000);
  await watched.restart();
  // The store may be a moment behind the first picture.
  await expect
    .poll(async () => gapsSince(await historyOf(api, group), killedAt))
    .toEqual([expect.objectContaining({ reason: 'down', brokers: [] })]);
  const after = await historyOf(api, group);
  const [gap] = gapsSince(after, killedAt);
  expect(gap?.from).toBeLessThanOrEqual(killedAt);
  expect(gap?.from, 'what was in the store when it was killed').toBeGreaterThanOrEqual(kept);
  after.points.at.forEach((at, index) => {
    const isInside = at >= (gap?.from ?? 0) && at + after.stepMs <= (gap?.to ?? 0);
    if (isInside) expect([after.points.lag[index], after.points.inPerS[index]]).toEqual([null, null]);
  });
  expect(after.points.lag.some((lag, index) => lag === null && (after.points.at[index] ?? 0) > killedAt)).toBe(true);
  before.points.at.forEach((at, index) => {
    const same = after.points.at.indexOf(at);
    if (same > 0 && at + after.stepMs < (gap?.from ?? 0)) expect(after.points.lag[same]).toBe(before.points.lag[index]);
  });

  await page.goto(`/groups/detail?group=${group}&tab=history`);
  // Other tests stopped this console earlier.
  const timesDown = after.gaps.filter(({ reason }) => reason === 'down').length;
  await expect(page.getByText(/^No figures for .*: the console did not run$/)).toHaveCount(timesDown);
  await expect(page.getByRole('img', { name: /^Lag, .*gap/ })).toBeVisible();
});

test('a range outside of an hour to thirty days is refused with a sentence', async ({ quiet }) => {
  const now = Date.now();
  const ranges = [
    { from: now - HOUR_MS + MINUTE_MS, to: now },
    { from: now - 31 * 24 * HOUR_MS, to: now },
    { from: now, to: now - 2 * HOUR_MS },
    { from: now + 24 * HOUR_MS, to: now + 48 * HOUR_MS },
  ];
  quiet.wire.clear();
  for (const { from, to } of ranges) {
    const answer = await quiet.api.ask(`/api/groups/history?group=inventory-sync&from=${from}&to=${to}`);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.message).toContain('between 1 hour and 30 days');
    expect(answer.body.hint).toBeTruthy();
  }
  expect((await quiet.api.ask('/api/groups/history?group=inventory-sync&from=yesterday')).status).toBe(400);
  expect(quiet.wire.frames).toEqual([]);
});
