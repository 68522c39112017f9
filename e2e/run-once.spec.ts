import type { Page } from '@playwright/test';
import type { LettersReply } from '@/lib/contract/dead-letters';
import type { JobDetail, JobSummary } from '@/lib/contract/jobs';
import type { RunOncePlan } from '@/lib/contract/plans';
import type { LetterRunsReply } from '@/lib/contract/run-once';
import { expect, test } from './fixtures';
import { violations } from './harness/accessibility';
import type { Api } from './harness/api';
import { ended, makePlan, startJob } from './harness/jobs';
import type { Oracle } from './sandbox/oracle';

const CONSUME_MESSAGE_DIRECTLY = 309;
const KEYS = ['RUN-0', 'RUN-1', 'RUN-2'];

/** Three letters of a group, two of them with the same error; its members start afterwards. */
async function letters(oracle: Oracle, api: Api, topic: string, group: string) {
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await oracle.send(
    topic,
    KEYS.map((keys, n) => ({
      keys,
      tags: 'PAID',
      body: `{"n":${n}}`,
      properties: { errorType: n < 2 ? 'NoStock' : 'Timeout' },
    })),
  );
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: KEYS.length });
  await oracle.forgetReceived(group);
  const read = () => api.ask<LettersReply>(`/api/dead-letters/messages?group=${group}`);
  await expect.poll(async () => (await read()).body.items?.length).toBe(KEYS.length);
  const { items } = (await read()).body;
  return new Map(items.map(({ id, keys }) => [keys[0] ?? '', id]));
}

/** Everything that must not move: offsets of the group, its retries, its dead letters. */
async function standing(oracle: Oracle, topic: string, group: string) {
  const dead = await oracle.readAll(`%DLQ%${group}`);
  return {
    offsets: await oracle.offsets(group, topic),
    retries: (await oracle.topicStats(`%RETRY%${group}`)).map(({ broker, queueId, maxOffset }) => [
      broker,
      queueId,
      maxOffset,
    ]),
    topic: (await oracle.topicStats(topic)).map(({ broker, queueId, maxOffset }) => [broker, queueId, maxOffset]),
    dead: dead.map(({ offsetMsgId, offset, broker, properties }) => ({ offsetMsgId, offset, broker, properties })),
  };
}

async function openLetter(page: Page, group: string, id: string) {
  await page.goto(`/dead-letters/group?group=${group}&letter=${encodeURIComponent(id)}`);
  const drawer = page
    .getByRole('complementary', { name: 'Dead letter' })
    .or(page.getByRole('dialog', { name: /Dead letter/ }));
  await drawer.getByRole('button', { name: 'Run once…' }).click();
  return { drawer, dialog: page.getByRole('dialog', { name: 'Run a dead letter once on a client' }) };
}

// None needs another: whichever worker is free takes the next.
test.describe.configure({ mode: 'parallel' });

test('a letter is run once, on exactly the chosen client; its answer is kept with the letter', async ({
  page,
  api,
  wire,
  oracle,
  unique,
}) => {
  const [topic, group] = [unique('run-once'), unique('run-once-reader')];
  const ids = await letters(oracle, api, topic, group);
  const id = ids.get('RUN-0') ?? '';
  const clients = [
    await oracle.startConsumer({ group, topic, mode: 'success', member: 1 }),
    await oracle.startConsumer({ group, topic, mode: 'throw', member: 2 }),
  ];
  const second = clients[1] ?? '';
  const plan = () => makePlan<RunOncePlan>(api, 'run-once', { group, id });
  await expect
    .poll(async () => (await plan()).refused, { timeout: 30_000 })
    .toEqual({ key: 'choose_client', params: { count: 2 } });
  const before = await standing(oracle, topic, group);
  wire.clear();

  const { drawer, dialog } = await openLetter(page, group, id);
  const act = dialog.getByRole('button', { name: 'Run once now' });
  await dialog.getByLabel('Reason').fill('to see what it throws');
  // Two could: nothing runs before one is chosen.
  await expect(act).toBeDisabled();
  await dialog.getByRole('radio', { name: second }).check();
  await expect(dialog).toContainText('really executes');
  await expect(dialog).toContainText(`message of ${topic}`);
  await expect(act).toBeEnabled();
  expect(wire.writeFrames()).toEqual([]);
  await act.click();
  await expect(dialog).toContainText('It threw', { timeout: 20_000 });
  await expect(dialog).toContainText('CR_THROW_EXCEPTION');
  await expect(dialog).toContainText('java.lang.IllegalStateException: the oracle was told to throw');
  await expect(dialog).toContainText(/\d+ ms/);
  // RUN-1 says the same error, RUN-2 another.
  await expect(dialog).toContainText('1 of the 2 other open letters has errorType: NoStock');
  await expect(dialog.getByRole('link', { name: 'RUN-1' })).toBeVisible();
  expect.soft(await violations(page), 'an answer').toEqual([]);

  // Once, there, as on its first delivery.
  const received = await oracle.received(group);
  expect(received).toMatchObject([{ keys: 'RUN-0', member: 2, mode: 'throw', topic, reconsumeTimes: 0 }]);
  expect(wire.requests(CONSUME_MESSAGE_DIRECTLY)).toHaveLength(1);
  expect(wire.writeFrames()).toHaveLength(1);
  expect(await standing(oracle, topic, group)).toEqual(before);

  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(drawer).toContainText(`Ran on ${second}: Threw`);
  await expect(drawer).toContainText('to see what it throws');
  const { items } = await api.get<LetterRunsReply>('/api/dead-letters/runs', { group, id });
  expect(items).toMatchObject([{ clientId: second, active: false, run: { outcome: 'failed', order: false } }]);
  const jobId = items[0]?.jobId ?? '';
  const job = await api.get<JobDetail>('/api/jobs/detail', { id: jobId });
  expect(job).toMatchObject({ kind: 'run-once', state: 'DONE', group, outcomes: { CR_THROW_EXCEPTION: 1 } });
  expect(job.audit.map(({ phase, outcome }) => `${phase} ${outcome}`).sort()).toEqual([
    'intent allowed',
    'result success',
  ]);
  await page.goto(`/jobs/${jobId}`);
  await expect(page.getByRole('main')).toContainText('the oracle was told to throw');

  // The other client, after it has been repaired there: a success changes as little.
  const { id: again } = await startJob(api, await makePlan(api, 'run-once', { group, id, clientId: clients[0] }));
  expect((await ended(api, again)).run).toMatchObject({ outcome: 'succeeded', consumeResult: 'CR_SUCCESS' });
  expect((await oracle.received(group)).map(({ member }) => member)).toEqual([2, 1]);
  expect(await standing(oracle, topic, group)).toEqual(before);
  for (const member of [1, 2]) await oracle.stopConsumer(group, member);
});

test('a client that does not answer in time may have run it: that is said, and it is not asked again', {
  tag: '@turn-2',
}, async ({ page, api, wire, oracle, unique }) => {
  test.setTimeout(120_000);
  const [topic, group] = [unique('run-hang'), unique('run-hang-reader')];
  const ids = await letters(oracle, api, topic, group);
  const id = ids.get('RUN-2') ?? '';

  await page.setViewportSize({ width: 390, height: 844 });
  const { dialog } = await openLetter(page, group, id);
  await expect(dialog).toContainText(`No consumer of ${group} is connected`);
  const act = dialog.getByRole('button', { name: 'Run once now' });
  await expect(act).toBeDisabled();
  // On a phone the drawer fills the screen: the dialog lies over it.
  const layerOf = (selector: string) =>
    page.locator(selector).evaluate((element) => Number(getComputedStyle(element).zIndex));
  expect(await layerOf('.scrim')).toBeGreaterThan(await layerOf('.drawer'));
  await oracle.startConsumer({ group, topic, mode: 'block' });
  const plan = () => makePlan<RunOncePlan>(api, 'run-once', { group, id });
  await expect.poll(async () => (await plan()).refused, { timeout: 30_000 }).toBeNull();
  await dialog.getByRole('button', { name: 'Look again' }).click();
  wire.clear();
  await dialog.getByLabel('Reason').fill('does it hang?');
  await act.click();
  await expect(dialog).toContainText('has 10 s to answer');
  await expect(dialog).toContainText('It may have run', { timeout: 30_000 });
  expect(wire.requests(CONSUME_MESSAGE_DIRECTLY)).toHaveLength(1);
  expect((await oracle.received(group)).map(({ keys }) => keys)).toEqual(['RUN-2']);
  const [job] = (await api.get<{ items: JobSummary[] }>('/api/jobs', { group, kind: 'run-once' })).items;
  expect(job).toMatchObject({ state: 'PARTIAL', note: { key: 'maybe_run' }, outcomes: { MAYBE_RUN: 1 } });
  await oracle.stopConsumer(group);
});
