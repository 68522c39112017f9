import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { JobDetail } from '@/lib/contract/jobs';
import type { PurgePlan } from '@/lib/contract/plans';
import type { ReturnedLetters } from '@/lib/contract/returned';
import { expect, test } from './fixtures';
import { violations } from './harness/accessibility';
import { ended, makePlan, startJob } from './harness/jobs';
import { headersFor } from './sign-in';

const DELETE_TOPIC = 215;
const NOBODY = { name: '', address: '' };

test('the dead letters of a group are exported, verified and removed everywhere, those of others stay', async ({
  page,
  api,
  wire,
  oracle,
  unique,
  watched,
  cluster,
}) => {
  const [topic, group, other] = [unique('purge'), unique('purge-me'), unique('keep-me')];
  await oracle.createTopic(topic, { queues: 2 });
  for (const name of [group, other]) await oracle.createGroup(name);
  await oracle.send(
    topic,
    Array.from({ length: 6 }, (_, n) => ({
      keys: `P-${n}`,
      bodyBase64: Buffer.from([n, 0, 255, 128]).toString('base64'),
    })),
  );
  await Promise.all(
    [group, other].map((name) => oracle.consumeFailing({ group: name, topic, maxReconsumeTimes: 1, count: 6 })),
  );
  const dead = await oracle.readAll(`%DLQ%${group}`);
  expect(dead).toHaveLength(6);
  wire.clear();

  await expect.poll(() => api.look('/api/dead-letters/messages', { group })).toMatchObject({ total: 6, failures: [] });
  await page.goto(`/dead-letters/group?group=${group}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Purge…' }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByLabel('Reason').fill('a test of last week');
  const typed = dialog.getByLabel(/^Type .* to confirm$/);
  const act = dialog.getByRole('button', { name: /^(Export and )?[Pp]urge|[Dd]elete/ }).last();
  for (const wrong of ['purge', 'purge 7', `purge ${group}`]) {
    await typed.fill(wrong);
    await expect(act).toBeDisabled();
  }
  await typed.fill('purge 7');
  await expect(dialog.getByText('That says 7; the plan counts 6.')).toBeVisible();
  expect(wire.writeFrames()).toEqual([]);
  await typed.fill('purge 6');
  await act.click();
  await expect(dialog).toBeHidden();

  const list = () => api.get<{ items: { id: string }[] }>('/api/jobs', { group });
  await expect.poll(async () => (await list()).items.length).toBe(1);
  const id = (await list()).items[0]?.id ?? '';
  const job = await ended(api, id);
  expect(job).toMatchObject({ state: 'DONE', kind: 'purge', file: { count: 6 } });

  const download = await fetch(`${watched.url}/api/jobs/export?id=${id}`, {
    headers: headersFor(`${watched.url}/api/`),
  });
  expect(download.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.gz"$/);
  expect(download.headers.get('x-content-type-options')).toBe('nosniff');
  const file = Buffer.from(await download.arrayBuffer());
  expect(createHash('sha256').update(file).digest('hex')).toBe(job.file?.sha256);
  const lines = gunzipSync(file).toString('utf8').trimEnd().split('\n');
  const saved = lines.map((line) => JSON.parse(line) as { body: string; properties: Record<string, string> });
  const order = (rows: [string | undefined, string | undefined][]) =>
    rows.map(([key, body]) => `${key} ${body}`).sort();
  expect(order(saved.map(({ properties, body }) => [properties.KEYS, body]))).toEqual(
    order(dead.map(({ keys, bodyBase64 }) => [keys ?? undefined, bodyBase64])),
  );

  const { audit } = await api.get<JobDetail>('/api/jobs/detail', { id });
  expect(audit.at(-1), 'who took the file').toMatchObject({ action: 'jobs.export.download', outcome: 'success' });

  expect(await oracle.topicExists(`%DLQ%${group}`)).toEqual({ brokers: [], nameServers: [] });
  expect(await oracle.dlqCount(group)).toBe(0);
  expect(await oracle.dlqCount(other)).toBe(6);
  expect((await oracle.topicExists(topic)).brokers).toHaveLength(cluster.brokers.length);
  expect(wire.requests(DELETE_TOPIC).map(({ fields }) => fields.topic)).toEqual(
    wire.requests(DELETE_TOPIC).map(() => `%DLQ%${group}`),
  );
  await page.goto(`/jobs/${id}`);
  await expect(page.getByText(/This is no erasure/).first()).toBeVisible();
  expect.soft(await violations(page), 'job of a purge').toEqual([]);
  await page.goto(`/dead-letters/group?group=${group}`);
  await expect(page.getByText('No dead letters').first()).toBeVisible();

  // After a crash the broker has them again. Whether it does is a matter of unit tests; here an answer says so.
  await page.route(/\/api\/dead-letters\/messages/, async (route) => {
    const answer = await route.fetch();
    const returned: ReturnedLetters[] = [{ jobId: id, purgedAt: job.endedAt ?? 0, broker: 'broker-b', count: 3 }];
    await route.fulfill({ response: answer, json: { ...(await answer.json()), returned } });
  });
  await expect(page.getByText(/^3 letters that were purged at .* are back because broker-b restarted/)).toBeVisible();
  await page.getByRole('button', { name: 'Purge again…' }).click();
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.getByRole('link', { name: 'Open the purge' }).click();
  await expect(page).toHaveURL(new RegExp(`/jobs/${id}`));
});

test('a purge with one of two masters down empties the other, says what is left, and a second one takes that', async ({
  page,
  api,
  wire,
  oracle,
  unique,
  cluster,
}) => {
  const [topic, group] = [unique('purge'), unique('purge-in-two')];
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  const [up = NOBODY, down = NOBODY] = cluster.brokers;
  const messages = Array.from({ length: 5 }, (_, n) => ({
    keys: `P-${n}`,
    body: `{"n":${n}}`,
    broker: (n < 3 ? up : down).name,
    queueId: 0,
  }));
  await oracle.send(topic, messages);
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: 5 });
  await expect.poll(() => api.look('/api/dead-letters/messages', { group })).toMatchObject({ total: 5, failures: [] });
  const purge = async (words: string) => {
    await page.goto(`/dead-letters/group?group=${group}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Purge…' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel('Reason').fill('half of it at a time');
    await dialog.getByLabel(`Type ${words} to confirm`).fill(words);
    return dialog;
  };
  const begin = async (dialog: Awaited<ReturnType<typeof purge>>) => {
    const known = await jobsOf();
    await dialog
      .getByRole('button', { name: /^(Export and )?[Pp]urge|[Dd]elete/ })
      .last()
      .click();
    await expect(dialog).toBeHidden();
    await expect.poll(async () => (await jobsOf()).length).toBe(known.length + 1);
    const id = (await jobsOf()).find((each) => !known.includes(each)) ?? '';
    return ended(api, id);
  };
  const jobsOf = async () =>
    (await api.get<{ items: { id: string }[] }>('/api/jobs', { group })).items.map(({ id }) => id);

  // To this console it is gone; the Java client still sees what it holds.
  const cut = wire.rule({ target: down.address }, { do: 'rst' });
  const first = await purge('purge 3');
  await expect(first.getByText(`${down.name} cannot be reached: what lies there stays`)).toBeVisible();
  const half = await begin(first);
  expect(half).toMatchObject({ state: 'PARTIAL', file: { count: 3 }, note: { key: 'purge_partial' } });
  expect(await oracle.topicExists(`%DLQ%${group}`)).toMatchObject({ brokers: [down.name] });
  const left = await oracle.readAll(`%DLQ%${group}`);
  expect(left.map(({ keys }) => keys).sort()).toEqual(['P-3', 'P-4']);
  await page.goto(`/jobs/${half.id}`);
  await expect(page.getByText(new RegExp(`Not reached: ${down.name}`)).first()).toBeVisible();

  cut.release();
  await expect.poll(() => api.look('/api/dead-letters/messages', { group })).toMatchObject({ total: 2, failures: [] });
  expect(await begin(await purge('purge 2'))).toMatchObject({ state: 'DONE', file: { count: 2 } });
  expect(await oracle.topicExists(`%DLQ%${group}`)).toEqual({ brokers: [], nameServers: [] });
});

test('a purge is refused by the server without the exact words', async ({ api, wire, oracle, unique }) => {
  const [topic, group] = [unique('purge'), unique('purge-refused')];
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await oracle.send(topic, [{ keys: 'P-0', body: 'x' }]);
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: 1 });
  wire.clear();
  const plan = await makePlan<PurgePlan>(api, 'purge', { group });
  expect(plan).toMatchObject({ confirm: 'purge 1', count: 1, topic: `%DLQ%${group}` });
  for (const confirm of [undefined, 'purge', 'purge 2', group]) {
    const answer = await api.post('/api/jobs', { token: plan.token, reason: 'without the words', confirm });
    expect(answer.status, answer.text).toBe(422);
  }
  expect(wire.writeFrames()).toEqual([]);
  expect(await oracle.dlqCount(group)).toBe(1);
  expect(await ended(api, (await startJob(api, plan)).id)).toMatchObject({ state: 'DONE' });
  expect(await oracle.dlqCount(group)).toBe(0);
});
