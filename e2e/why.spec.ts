import type { GroupDetail } from '@/lib/contract/groups';
import type { MemberThreads } from '@/lib/contract/threads';
import type { WhyReply } from '@/lib/contract/why';
import { expect, test } from './fixtures';

const STUCK = `recover-reader-${process.pid.toString(36)}`;

/** Ten samples make a group STALLED; they are taken while the first tests run. */
test.beforeAll(async ({ cluster, oracle }) => {
  const leave = await cluster.enter('shared');
  const topic = `recover-${process.pid.toString(36)}`;
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(STUCK);
  await oracle.startConsumer({ group: STUCK, topic, mode: 'block' });
  await oracle.send(
    topic,
    Array.from({ length: 12 }, () => ({ body: 'x' })),
  );
  leave();
});

test('a stalled group is explained down to the blocked thread', async ({ page, api, shop }) => {
  test.setTimeout(180_000);
  expect(shop.late).toEqual([]);
  const group = 'inventory-sync';
  // A sweep that has just missed both brokers answers 503 for a moment.
  const detail = async () => (await api.ask<GroupDetail>(`/api/groups/detail?group=${group}`)).body;
  await expect.poll(async () => (await detail()).status, { timeout: 60_000 }).toBe('STALLED');
  const { rule, members } = await api.get<GroupDetail>('/api/groups/detail', { group });
  const [member] = members;
  expect(rule).toMatchObject({ key: 'stalled', params: { queue: expect.stringMatching(/^broker-[ab]\/\d$/) } });

  // The API says what the page says.
  const whyNow = async () => (await api.ask<WhyReply>(`/api/groups/why?group=${group}`)).body;
  await expect
    .poll(async () => (await whyNow()).findings?.map(({ key }) => key), {
      timeout: 60_000,
    })
    .toContain('threads_waiting');
  const why = await api.get<WhyReply>('/api/groups/why', { group });
  expect(why.findings[0]).toMatchObject({
    key: 'threads_waiting',
    severity: 'critical',
    params: { clientId: member?.clientId, stuck: 2, threads: 2, frame: expect.stringContaining('Workload.') },
  });
  expect(why.advice).toMatchObject({ verdict: { key: 'stands_still' }, drainMs: 'never', options: [] });

  await page.goto(`/groups/detail?group=${group}`);
  const sentence = page.locator('p.sentence');
  await expect(sentence).toContainText(/^STALLED, .+ behind \(\d+ messages\), in .+, out 0\.0\/s/);
  await expect(sentence).toContainText(/10 of 10 samples at offset \d+ while \d+ wait \(queue broker-[ab]\/\d\)\./);
  await expect(sentence).toContainText('It will not drain by itself.');

  const finding = page.getByRole('listitem').filter({ hasText: 'consume threads' });
  await expect(finding).toContainText('2 of 2 consume threads');
  await expect(finding).toContainText('Next safe step:');
  await expect(finding).toContainText(`ConsumeMessageThread_${group}_`);
  await expect(page.getByText('Nothing: it does not read at all.')).toBeVisible();
  await expect(page.getByText(/Not the cause: .*group not frozen/)).toBeVisible();

  // From the finding to the stack: nothing is read before it is asked for.
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/groups/member')) asked.push(request.url());
  });
  await finding.getByRole('link', { name: 'Show stack' }).click();
  const drawer = page.getByRole('complementary', { name: 'Member' });
  await expect(drawer.getByRole('heading', { level: 2 })).toHaveText(member?.clientId ?? '?');
  await expect(drawer).toContainText('2 threads');
  await expect(drawer.getByRole('button', { name: 'Read threads' })).toBeVisible();
  expect(asked).toEqual([]);
  await drawer.getByRole('button', { name: 'Read threads' }).click();
  await expect(drawer).toContainText('WAITING');
  await expect(drawer).toContainText('waiting in the listener');
  await expect(drawer).toContainText('CountDownLatch.await');
  await expect(drawer.locator('.code .warn').first()).toContainText('Workload.');
  await expect(drawer.getByRole('button', { name: 'Read again' })).toBeVisible();
  await drawer.getByRole('button', { name: 'The stack as it was sent' }).click();
  await expect(drawer.getByRole('region', { name: 'The stack as it was sent' })).toContainText('STATE: WAITING');
  expect(asked).toHaveLength(1);
});

test('a member that is not there, or does not answer, is told as that', async ({ page, api, wire, shop }) => {
  expect(shop.late).toEqual([]);
  const group = 'loyalty-points';
  const gone = await api.ask(`/api/groups/member?group=${group}&clientId=nobody%401`);
  expect(gone).toMatchObject({ status: 404, body: { code: 'not_found', hint: expect.stringContaining('restarted') } });

  const [member] = (await api.get<GroupDetail>('/api/groups/detail', { group })).members;
  await page.goto(`/groups/detail?group=${group}&tab=members&member=${encodeURIComponent(member?.clientId ?? '')}`);
  const drawer = page.getByRole('complementary', { name: 'Member' });
  const silence = wire.rule({ code: 307, direction: 'response' }, { do: 'blackhole' });
  await drawer.getByRole('button', { name: 'Read threads' }).click();
  await expect(drawer.getByRole('button', { name: 'Asking the client' })).toBeVisible();
  await expect(drawer).toContainText('The threads could not be read', { timeout: 20_000 });
  await expect(drawer).toContainText('garbage collection');
  silence.release();
  await drawer.getByRole('button', { name: 'Read threads' }).click();
  await expect(drawer).toContainText('idle, waiting for messages');
  const read = await api.get<MemberThreads>('/api/groups/member', { group, clientId: member?.clientId });
  expect(read.consume.map(({ kind }) => kind)).toEqual(['idle']);
});

test('a group recovering turns OK', async ({ page, api, oracle }) => {
  test.setTimeout(240_000);
  const group = STUCK;
  const status = async () => (await api.get<GroupDetail>('/api/groups/detail', { group })).status;
  await expect.poll(status, { timeout: 90_000 }).toBe('STALLED');

  await page.goto(`/groups/detail?group=${group}`);
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toContainText('STALLED');
  await expect(page.getByRole('heading', { name: 'Why is it stuck?' })).toBeVisible();

  // Nobody touches the page: it sees by itself that the messages are read.
  await oracle.setMode(group, 'success');
  await expect(heading).toContainText('OK', { timeout: 90_000 });
  await expect(page.locator('p.sentence')).toContainText('OK, caught up: nothing waits', { timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'Why is it stuck?' })).toHaveCount(0);
  await oracle.stopConsumer(group);
});
