import type { TraceReply } from '@/lib/contract/trace';
import { expect, test } from './fixtures';
import { startFake } from './harness/fake-server';

// None needs another: whichever worker is free takes the next.
test.describe.configure({ mode: 'parallel' });

test('one message by unique key, offset id and key: sent, stored, every group and its attempts', async ({
  page,
  api,
  oracle,
  unique,
}) => {
  const [topic, dies, reads, sleeps] = [unique('trace'), unique('dies'), unique('reads'), unique('sleeps')];
  const key = unique('TRACE-KEY');
  await oracle.createTopic(topic, { queues: 1 });
  for (const group of [dies, reads, sleeps]) await oracle.createGroup(group);
  // Known to the broker as a reader, then gone: what follows waits for it.
  await oracle.startConsumer({ group: sleeps, topic, mode: 'success' });
  await oracle.send(topic, [
    { keys: unique('EARLIER'), body: 'x' },
    { keys: unique('EARLIER'), body: 'x' },
  ]);
  await oracle.until(
    () => oracle.received(sleeps),
    (received) => received.length >= 2,
  );
  await oracle.untilCommitted(sleeps, topic, 2);
  await oracle.stopConsumer(sleeps);
  await oracle.startConsumer({ group: reads, topic, mode: 'success', traced: true });
  const [sent] = await oracle.send(topic, [{ keys: key, tags: 'TRACED', body: '{"traced":true}' }], { traced: true });
  if (!sent) throw new Error('nothing was sent');
  await oracle.consumeFailing({ group: dies, topic, maxReconsumeTimes: 2, traced: true, count: 3 });
  await oracle.until(
    () => oracle.received(reads),
    (received) => received.some(({ keys }) => keys === key),
  );
  await oracle.until(
    () => oracle.trace(sent.uniqKey),
    (records) => records.some((record) => record.includes('SubAfter')),
  );

  const ask = (id: string) => api.get<TraceReply>('/api/trace', { id });
  const statesIn = ({ groups }: TraceReply) => Object.fromEntries(groups.map(({ group, state }) => [group, state]));
  // Clients send what they traced some seconds later, and the index is a moment behind the log.
  await expect(async () => {
    const replies = await Promise.all([ask(sent.uniqKey), ask(sent.offsetMsgId), ask(key)]);
    expect(replies.map(({ kind }) => kind)).toEqual(['uniq_key', 'offset_id', 'key']);
    for (const reply of replies) {
      expect(statesIn(reply)).toMatchObject({ [dies]: 'dead', [reads]: 'consumed', [sleeps]: 'offline' });
      expect(reply).toMatchObject({ found: true, uniqKey: sent.uniqKey, topic, tag: 'TRACED', keys: [key] });
      expect(reply.produced).toMatchObject({ success: true, source: 'trace' });
      const original = reply.stored.find((copy) => copy.topic === topic);
      expect(original).toMatchObject({ broker: sent.broker, queueId: sent.queueId, queueOffset: sent.offset });
      expect(reply.stored.some((copy) => copy.topic === `%DLQ%${dies}`)).toBe(true);
      const dead = reply.groups.find(({ group }) => group === dies);
      expect(dead?.attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      expect(dead?.attempts.at(-1)?.next.kind).toBe('dead');
      expect(dead?.dead).toMatchObject({ attempts: 3 });
      const read = reply.groups.find(({ group }) => group === reads);
      expect(read?.attempts.map(({ result }) => result)).toEqual(['success']);
      expect(reply.groups.find(({ group }) => group === sleeps)?.attempts).toEqual([]);
    }
  }).toPass({ timeout: 60_000 });
  // The broker's own answer to "who has consumed it" agrees.
  const track = await oracle.until(
    () => oracle.messageTrack(topic, sent.offsetMsgId),
    (groups) => groups.some(({ group, type }) => group === reads && type.startsWith('CONSUMED')),
  );
  expect(track.find(({ group }) => group === sleeps)?.type).not.toBe('CONSUMED');

  await page.goto('/trace');
  const box = page.getByRole('textbox', { name: 'Message id, offset id or key' });
  for (const id of [sent.uniqKey, sent.offsetMsgId, key]) {
    await box.fill(id);
    await box.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(key);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('dead');
    const table = page.getByRole('table', { name: 'What happened, in order of time' });
    await expect(table).toContainText(`Stored in ${topic}`);
    await expect(table).toContainText(`Moved to the dead letters of ${dies}`);
    await expect(table).toContainText(reads);
  }
});

test('a message nobody has read says who it waits for and what is not known', async ({ api, oracle, unique }) => {
  const topic = unique('untraced');
  await oracle.createTopic(topic, { queues: 1 });
  const [sent] = await oracle.send(topic, [{ keys: unique('UNREAD'), body: 'x' }]);
  // The broker's index is a moment behind its log.
  const reply = await oracle.until(
    () => api.look<TraceReply>('/api/trace', { id: sent?.uniqKey }),
    ({ found }) => found === true,
  );
  expect(reply).toMatchObject({ topic });
  expect(reply.groups?.filter(({ state }) => state === 'consumed')).toEqual([]);
  expect(reply.missing?.length).toBeGreaterThan(0);
});

test('the tag of a message that nobody has read is unknown, not none', async ({ page }) => {
  await page.route('**/api/trace?*', async (route) => {
    const response = await route.fetch();
    const reply = (await response.json()) as TraceReply;
    const group = { group: 'g', state: 'unknown', note: null, online: null, attempts: [], dead: null, dueAt: null };
    await route.fulfill({
      response,
      json: { ...reply, found: true, uniqKey: 'U-1', topic: 't', tag: null, stored: [], groups: [group] },
    });
  });
  await page.goto('/trace?id=U-1');
  await expect(page.getByText('Tag unknown')).toBeVisible();
});

test('a key of several messages lets one be picked', async ({ page, api, oracle, unique }) => {
  const [topic, key] = [unique('candidates'), unique('SAME-KEY')];
  await oracle.createTopic(topic, { queues: 1 });
  const sent = await oracle.send(topic, [
    { keys: key, body: 'one' },
    { keys: key, body: 'two' },
  ]);
  const ids = sent.map(({ uniqKey }) => uniqKey).sort();
  const ask = async () =>
    (await api.look<TraceReply>('/api/trace', { id: key })).candidates?.map(({ uniqKey }) => uniqKey);
  await expect.poll(async () => (await ask())?.sort()).toEqual(ids);
  await page.goto(`/trace?id=${key}`);
  for (const id of ids) await expect(page.getByRole('main')).toContainText(id.slice(-8));
});

test('an id nobody knows is said not to be found, with what was asked', async ({ page, api, unique }) => {
  const id = unique('NO-SUCH-KEY');
  const reply = await api.get<TraceReply>('/api/trace', { id });
  expect(reply).toMatchObject({ found: false, stored: [], groups: [] });
  expect(reply.asked.topics).toBeGreaterThan(0);
  const unknown = await api.get<TraceReply>('/api/trace', { id: '7F000001000078BB0000000000000000' });
  expect(unknown).toMatchObject({ found: false });
  await page.goto(`/trace?id=${id}`);
  await expect(page.getByRole('main')).toContainText(/not found|nothing|no message/i);
});

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');

test('C06 an address inside a message id is never dialled', async ({ quiet }) => {
  const victim = await startFake();
  const ids = {
    'of a listener here': `7F000001${hex(victim.port, 8)}${hex(42, 16)}`,
    'of the same by IPv6': `${hex(1, 32)}${hex(victim.port, 8)}${hex(42, 16)}`,
    'of SSH here': `7F000001${hex(22, 8)}${hex(0, 16)}`,
    'of the metadata address': `A9FEA9FE${hex(80, 8)}${hex(42, 16)}`,
    'that a producer made': 'FD00000000000000000000000000000248E460E53B936F43BC950000',
    'of 32 digits that a producer made': '7F000001246018B4AAC25D6CA2F30000',
  };
  for (const [what, id] of Object.entries(ids)) {
    const { status, body } = await quiet.api.ask<TraceReply>(`/api/trace?id=${id}`);
    expect([200, 404], `${what}: ${status}`).toContain(status);
    if (status === 200) expect(body.found, what).toBe(false);
  }
  const { status } = await quiet.api.ask(`/api/messages/detail?id=${encodeURIComponent(`${victim.address}:42`)}`);
  expect([400, 404]).toContain(status);
  expect(victim.accepted).toBe(0);
  await victim.stop();
});
