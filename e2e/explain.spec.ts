import type { GroupDetail } from '@/lib/contract/groups';
import type { MemberThreads } from '@/lib/contract/threads';
import type { WhyReply } from '@/lib/contract/why';
import { expect, test } from './fixtures';

const STUCK = `recover-reader-${process.pid.toString(36)}`;

/** Ten samples make a group STALLED; they are taken while the first tests run. */
test.beforeAll(async ({ cluster, oracle }) => {
  // Another worker may have the cluster for itself.
  test.setTimeout(600_000);
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

test('a stalled group is explained down to the blocked thread', async ({ page, api, oracle, shop }) => {
  test.setTimeout(400_000);
  expect(shop.late).toEqual([]);
  const group = 'inventory-sync';
  // A sweep that has just missed both brokers answers 503 for a moment. Four samples are enough, the page tells of ten.
  let member: GroupDetail['members'][number] | undefined;
  const stalled = async () => {
    const { members, status, rule } = await api.look<GroupDetail>('/api/groups/detail', { group });
    member = members?.[0];
    return { status, rule, members: members?.length };
  };
  const params = { samples: 10, total: 10, queue: expect.stringMatching(/^broker-[ab]\/\d$/) };
  await expect
    .poll(stalled, { timeout: 180_000 })
    .toMatchObject({ status: 'STALLED', rule: { key: 'stalled', params }, members: 1 });

  // The API says what the page says.
  const whyNow = () => api.look<WhyReply>('/api/groups/why', { group });
  const why = await oracle.until(
    whyNow,
    ({ findings }) => findings?.some(({ key }) => key === 'threads_waiting') ?? false,
  );
  expect(why.findings?.[0]).toMatchObject({
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

test('a member that is not there, or does not answer, is told as that', async ({ page, api, wire, oracle, shop }) => {
  expect(shop.late).toEqual([]);
  const group = 'loyalty-points';
  const gone = await api.ask(`/api/groups/member?group=${group}&clientId=nobody%401`);
  expect(gone).toMatchObject({ status: 404, body: { code: 'not_found', hint: expect.stringContaining('restarted') } });

  const [member] = await oracle.until(
    async () => (await api.look<GroupDetail>('/api/groups/detail', { group })).members ?? [],
    (members) => members.length > 0,
  );
  await page.goto(`/groups/detail?group=${group}&tab=members&member=${encodeURIComponent(member?.clientId ?? '')}`);
  const drawer = page.getByRole('complementary', { name: 'Member' });
  const silence = wire.rule({ code: 307, direction: 'response' }, { do: 'blackhole' });
  await drawer.getByRole('button', { name: 'Read threads' }).click();
  await expect(drawer.getByRole('button', { name: 'Asking the client' })).toBeVisible();
  await expect(drawer).toContainText('The threads could not be read');
  await expect(drawer).toContainText('garbage collection');
  silence.release();
  await drawer.getByRole('button', { name: 'Read threads' }).click();
  await expect(drawer).toContainText('idle, waiting for messages');
  // It may be handling a message just then.
  const read = () => api.look<MemberThreads>('/api/groups/member', { group, clientId: member?.clientId });
  await expect.poll(async () => (await read()).consume?.map(({ kind }) => kind)).toEqual(['idle']);
});

test('a group recovering turns OK', async ({ page, api, oracle }) => {
  test.setTimeout(400_000);
  const group = STUCK;
  const status = async () => (await api.look<GroupDetail>('/api/groups/detail', { group })).status;
  await expect.poll(status, { timeout: 120_000 }).toBe('STALLED');

  await page.goto(`/groups/detail?group=${group}`);
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toContainText('STALLED');
  await expect(page.getByRole('heading', { name: 'Why is it stuck?' })).toBeVisible();

  // Nobody touches the page: it sees by itself that the messages are read.
  await oracle.setMode(group, 'success');
  await expect(heading).toContainText('OK', { timeout: 90_000 });
  await expect(page.locator('p.sentence')).toContainText('OK, caught up: nothing waits');
  await expect(page.getByRole('heading', { name: 'Why is it stuck?' })).toHaveCount(0);
  await oracle.stopConsumer(group);
});
