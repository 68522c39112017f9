import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Locator, Page } from '@playwright/test';
import type { LettersReply } from '@/lib/contract/dead-letters';
import type { JobDetail, JobItem, JobSummary } from '@/lib/contract/jobs';
import type { RedrivePlan } from '@/lib/contract/plans';
import { test as base, expect } from './fixtures';
import type { Api } from './harness/api';
import { ended, itemsOf, makePlan, startJob } from './harness/jobs';
import type { Oracle } from './sandbox/oracle';
import { headersFor } from './sign-in';

const SEND = 310;
const keysOf = (messages: readonly { keys: string | null | string[] }[]) =>
  messages.flatMap(({ keys }) => keys ?? []).sort();

interface Failed {
  topic: string;
  group: string;
  /** Reads the same topic and never fails. */
  other: string;
  /** Record ids of what the group could not handle. */
  ids: string[];
}

/** What the tests below ask for, with or without their group up again. Made together: each takes most of ten seconds. */
const STOCK = [5, 1, 2, 2, 1, 12, 4, 3, 12].map((count, index) => ({ count, recovers: index < 7 }));

interface Made {
  count: number;
  recovers: boolean;
  made: Promise<Failed>;
}
// Of this file, not of the worker: another set of worker fixtures would start the console again.
let stock: Made[] | undefined;
const started: string[] = [];

const test = base.extend<{ failed: (count: number, recovers?: boolean) => Promise<Failed> }>({
  /** Messages that one group could not handle and another did; unless told otherwise, the group is up again. */
  failed: [
    async ({ oracle, watched }, use) => {
      stock ??= STOCK.map(({ count, recovers }, index) => {
        const suffix = `${index}-${process.pid.toString(36)}`;
        const made = makeFailed({ oracle, api: watched.api }, suffix, count, recovers);
        // It is told to the test that wants it.
        made.catch(() => {});
        return { count, recovers, made };
      });
      // While the first test has the cluster: another worker's tests may then take it for themselves.
      await Promise.allSettled(stock.map(({ made }) => made));
      const left = stock;
      await use(async (count, recovers = true) => {
        const at = left.findIndex((each) => each.count === count && each.recovers === recovers);
        const [found] = left.splice(at, at < 0 ? 0 : 1);
        if (!found) throw new Error(`STOCK has no set of ${count} that ${recovers ? 'recovers' : 'stays down'}.`);
        return found.made;
      });
    },
    { timeout: 300_000 },
  ],
});
test.afterAll(async ({ oracle }) => {
  for (const group of started) await oracle.stopConsumer(group);
});

async function makeFailed(
  { oracle, api }: { oracle: Oracle; api: Api },
  suffix: string,
  count: number,
  recovers: boolean,
): Promise<Failed> {
  const start = async (group: string, topic: string) => {
    await oracle.startConsumer({ group, topic, mode: 'success' });
    started.push(group);
  };
  const [topic = '', group = '', other = ''] = ['orders', 'billing', 'mailing'].map((name) => `${name}-${suffix}`);
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await oracle.createGroup(other);
  await start(other, topic);
  await oracle.send(
    topic,
    Array.from({ length: count }, (_, n) => ({
      keys: `K-${n}`,
      tags: 'PAID',
      body: JSON.stringify({ n }),
      properties: { errorType: 'Timeout', tenant: `t${n}` },
    })),
  );
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count });
  await oracle.until(
    () => oracle.received(other),
    (received) => received.length >= count,
  );
  await oracle.forgetReceived(other);
  await oracle.forgetReceived(group);
  const { items } = await lettersOf(api, group, count);
  if (recovers) await start(group, topic);
  return { topic, group, other, ids: items.map(({ id }) => id) };
}

async function lettersOf(api: Api, group: string, count: number): Promise<LettersReply> {
  let letters: Partial<LettersReply> = {};
  const read = async () => {
    letters = await api.look<LettersReply>('/api/dead-letters/messages', { group, limit: 200 });
    return letters.items?.length;
  };
  await expect.poll(read).toBe(count);
  return letters as LettersReply;
}

const lettersTable = (page: Page) => page.getByRole('table', { name: 'Dead letters, newest first' });
async function choose(page: Page, keys: readonly string[]): Promise<void> {
  for (const key of keys)
    await lettersTable(page)
      .getByRole('row', { name: new RegExp(key) })
      .getByRole('checkbox')
      .check();
}

/** A consumer tells its offset every five seconds: a canary would wait twice for that. */
const withoutCanary = (dialog: Locator) => dialog.getByRole('switch', { name: /^Canary/ }).uncheck();

const brakeOf = (page: Page) => page.locator('section').filter({ has: page.getByRole('heading', { name: 'Brake' }) });
const copiesOf = async (oracle: Oracle, topic: string, jobId: string) =>
  (await oracle.readAll(topic)).filter(
    ({ properties, reconsumeTimes }) => properties.RDX_OP === jobId && reconsumeTimes === 0,
  );

test.beforeEach(({ watched }) => watched.wire.clear());

test('three of five to only this group, in the browser: it receives exactly these, nobody else anything', async ({
  page,
  api,
  wire,
  oracle,
  failed,
}) => {
  const { topic, group, other } = await failed(5);
  await page.goto(`/dead-letters/group?group=${group}`);
  const chosen = ['K-1', 'K-2', 'K-4'];
  await choose(page, chosen);
  await page.getByRole('button', { name: 'Redrive…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Redrive 3 dead letters/ });
  await expect(dialog.getByRole('radio', { name: /Only this group/ })).toBeChecked();
  await expect(dialog.getByText(other)).toBeVisible();
  const act = dialog.getByRole('button', { name: 'Redrive 3 messages' });
  await withoutCanary(dialog);
  await expect(act).toBeDisabled();
  await dialog.getByLabel('Reason').fill('billing is up again');
  await expect(act).toBeEnabled();
  expect(wire.writeFrames()).toEqual([]);
  await act.click();
  await expect(dialog).toBeHidden();

  const job = await latestJob(api, group);
  expect(await ended(api, job.id)).toMatchObject({ state: 'DONE', total: 3 });
  const received = await oracle.until(
    () => oracle.received(group),
    (messages) => messages.length >= 3,
  );
  expect(keysOf(received)).toEqual(chosen);
  expect(new Set(received.map((message) => message.topic))).toEqual(new Set([topic]));
  expect(await oracle.received(other)).toEqual([]);
  expect(await oracle.dlqCount(group)).toBe(5);

  // Journal: an intent before each frame, an outcome with evidence after it.
  const items = await itemsOf(api, job.id);
  const sends = wire.requests(SEND);
  expect(sends).toHaveLength(3);
  for (const item of items) {
    const { evidence } = item;
    expect(['CONFIRMED', 'CONSUMED']).toContain(item.state);
    expect(evidence).toMatchObject({ topic: `%RETRY%${group}`, offsetMsgId: expect.any(String) });
    expect(Number(evidence.intentAt)).toBeLessThanOrEqual(Number(evidence.sentAt));
  }
  expect(Math.min(...items.map(({ evidence }) => Number(evidence.intentAt)))).toBeLessThanOrEqual(
    Math.min(...sends.map((frame) => frame.at)),
  );
  await expect
    .poll(async () => keysOf((await lettersOf(api, group, 5)).items.filter(({ state }) => state === 'dead')))
    .toEqual(['K-0', 'K-3']);
  await expect(lettersTable(page).getByRole('row', { name: /K-1/ })).toContainText(/Redriven|Consumed/i);

  await page.goto(`/jobs/${job.id}`);
  await expect(page.getByText('Report at the end')).toBeVisible();
  const begun = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  const report = readFileSync(await (await begun).path());
  const sha256 = createHash('sha256').update(report).digest('hex');
  expect((await api.get<JobDetail>('/api/jobs/detail', { id: job.id })).file).toMatchObject({ sha256, count: 3 });
  const [of, ...letters] = gunzipSync(report).toString().trimEnd().split('\n');
  expect(JSON.parse(of ?? '')).toMatchObject({ job: { id: job.id, reason: 'billing is up again', state: 'DONE' } });
  const copies = letters.map((line) => (JSON.parse(line) as JobItem).evidence.offsetMsgId);
  expect(copies.sort()).toEqual(items.map(({ evidence }) => evidence.offsetMsgId).sort());
});

test('a copy carries the properties of the table and none of RocketMQ that would misplace it', async ({
  api,
  oracle,
  failed,
}) => {
  const { topic, group, ids } = await failed(1);
  const [letter] = await oracle.readAll(`%DLQ%${group}`);
  const plan = await planRedrive(api, group, ids);
  expect(plan.receivers.map((receiver) => receiver.group)).toEqual([group]);
  const { id } = await startJob(api, plan);
  expect(await ended(api, id)).toMatchObject({ state: 'DONE' });
  const [copy] = await copiesOf(oracle, `%RETRY%${group}`, id);
  expect(copy).toMatchObject({ keys: 'K-0', tags: 'PAID', bodyBase64: letter?.bodyBase64, uniqKey: letter?.uniqKey });
  expect(copy?.properties).toMatchObject({
    errorType: 'Timeout',
    tenant: 't0',
    RETRY_TOPIC: topic,
    ORIGIN_MESSAGE_ID: letter?.properties.ORIGIN_MESSAGE_ID,
    RDX_OP: id,
    RDX_N: expect.any(String),
    RDX_K: expect.any(String),
    RDX_SRC: ids[0],
  });
  const names = Object.keys(copy?.properties ?? {});
  for (const name of ['DELAY', 'REAL_TOPIC', 'REAL_QID', 'TRAN_MSG', 'MAX_RECONSUME_TIMES', 'RECONSUME_TIME', 'WAIT'])
    expect(names, name).not.toContain(name);
});

test('to the original topic every subscribed group receives, after its name was typed', async ({
  page,
  api,
  oracle,
  failed,
}) => {
  const { topic, group, other } = await failed(2);
  await page.goto(`/dead-letters/group?group=${group}`);
  await choose(page, ['K-0', 'K-1']);
  await page.getByRole('button', { name: 'Redrive…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Redrive 2 dead letters/ });
  await dialog.getByRole('radio', { name: /Original topic/ }).check();
  await withoutCanary(dialog);
  await dialog.getByLabel('Reason').fill('everybody lost them');
  const act = dialog.getByRole('button', { name: 'Redrive 2 messages' });
  const typed = dialog.getByLabel(/^Type .* to confirm$/);
  await expect(typed).toBeVisible();
  await expect(act).toBeDisabled();
  await typed.fill(group);
  await act.click();
  await expect(dialog).toBeHidden();
  const job = await latestJob(api, group);
  expect(await ended(api, job.id)).toMatchObject({ state: 'DONE', total: 2 });
  for (const name of [group, other]) {
    const received = await oracle.until(
      () => oracle.received(name),
      (messages) => messages.length >= 2,
    );
    expect(keysOf(received), name).toEqual(['K-0', 'K-1']);
  }
  for (const copy of await copiesOf(oracle, topic, job.id)) {
    expect(Object.keys(copy.properties)).not.toContain('RETRY_TOPIC');
    expect(copy.properties.RDX_ORIGIN).toBeTruthy();
  }
});

test('to another topic its readers receive, and neither the failed group nor the others of its own topic', async ({
  page,
  api,
  oracle,
  failed,
  unique,
}) => {
  const { group, other } = await failed(4);
  const [target, reader] = [unique('repair'), unique('repairers')];
  await oracle.createTopic(target, { queues: 2 });
  await oracle.createGroup(reader);
  await oracle.startConsumer({ group: reader, topic: target, mode: 'success' });
  try {
    await expect
      .poll(async () => (await api.look<{ topics: string[] }>('/api/names')).topics?.includes(target))
      .toBe(true);
    await page.goto(`/dead-letters/group?group=${group}`);
    await choose(page, ['K-0', 'K-3']);
    await page.getByRole('button', { name: 'Redrive…' }).click();
    const dialog = page.getByRole('dialog', { name: /^Redrive 2 dead letters/ });
    await dialog.getByRole('radio', { name: /Only this group/ }).focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Tab']) await page.keyboard.press(key);
    const field = dialog.getByLabel('Topic to send to');
    await expect(field).toBeFocused();
    await page.keyboard.type(`${target}x`);
    await expect(dialog.getByText(`Is it ${target}?`)).toBeVisible();
    await page.keyboard.press('Backspace');
    await expect(dialog.getByText(`Received by 1 group: ${reader}`)).toBeVisible();
    await expect(dialog.getByText(`${group} does not read ${target}`)).toBeVisible();
    await expect(dialog.getByRole('switch', { name: /^Canary/ })).not.toBeChecked();
    await dialog.getByLabel('Reason').fill('repaired by another service');
    const act = dialog.getByRole('button', { name: 'Redrive 2 messages' });
    await expect(act).toBeDisabled();
    await dialog.getByLabel(/^Type .* to confirm$/).fill(group);
    await act.click();
    await expect(dialog).toBeHidden();

    const { id } = await latestJob(api, group);
    expect(await ended(api, id)).toMatchObject({ state: 'DONE', target, outcomes: { CONFIRMED: 2 } });
    const received = await oracle.until(
      () => oracle.received(reader),
      (messages) => messages.length >= 2,
    );
    expect(keysOf(received)).toEqual(['K-0', 'K-3']);
    for (const name of [group, other]) expect(await oracle.received(name), name).toEqual([]);
    const copies = await copiesOf(oracle, target, id);
    expect(keysOf(copies)).toEqual(['K-0', 'K-3']);
    for (const { properties } of copies) {
      expect(Object.keys(properties)).not.toContain('RETRY_TOPIC');
      expect(properties).toMatchObject({ RDX_ORIGIN: expect.any(String), errorType: 'Timeout' });
    }
    await page.goto(`/jobs/${id}`);
    await expect(page.getByText(`not judged: ${group} does not receive the copies`)).toBeVisible();
  } finally {
    await oracle.stopConsumer(reader);
  }
});

test('a send whose answer is lost is found by scan and not sent again', { tag: '@turn-1' }, async ({
  api,
  wire,
  oracle,
  failed,
}) => {
  test.setTimeout(240_000);
  const { group, ids } = await failed(2);
  const plan = await planRedrive(api, group, ids);
  const lost = wire.rule({ code: SEND, times: 1 }, { do: 'dropResponse' });
  const { id } = await startJob(api, plan);
  await lost.hit();
  expect(await ended(api, id, 90_000)).toMatchObject({ state: 'DONE', total: 2 });
  expect(lost.hits).toBe(1);
  const outcomes = await itemsOf(api, id);
  for (const { state } of outcomes) expect(['CONFIRMED', 'CONSUMED']).toContain(state);
  expect(
    outcomes.filter(({ evidence }) => evidence.resolvedBy !== null && evidence.resolvedBy !== 'ANSWER'),
  ).toHaveLength(1);
  const copies = await copiesOf(oracle, `%RETRY%${group}`, id);
  expect(keysOf(copies)).toEqual(['K-0', 'K-1']);
  expect(wire.requests(SEND)).toHaveLength(2);
});

test('C25 one plan is one job, however often it is asked for', async ({ api, wire, failed }) => {
  const { group, ids } = await failed(1);
  const plan = await planRedrive(api, group, ids);
  const key = { 'idempotency-key': randomUUID() };
  const body = { token: plan.token, reason: 'twice at once' };
  const answers = await Promise.all([1, 2, 3].map(() => api.post<JobSummary>('/api/jobs', body, key)));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
  const different = await api.post('/api/jobs', { ...body, reason: 'another reason' }, key);
  expect(different.status, different.text).toBe(422);
  const tampered = await api.post('/api/jobs', { ...body, token: `${plan.token.slice(0, -2)}AA` });
  expect(tampered.status, tampered.text).toBe(409);
  await ended(api, answers[0]?.body.id ?? '');
  expect(wire.requests(SEND)).toHaveLength(1);

  // What was redriven is not sent a second time.
  const again = await api.post<RedrivePlan>('/api/plans/redrive', {
    group,
    select: { ids },
    target: { kind: 'group' },
  });
  expect(again.body).toMatchObject({ count: 0, skipped: [{ id: ids[0] }], refused: { key: expect.any(String) } });
});

test('the canary trips the brake on a consumer that still fails, and nothing more is sent', async ({
  page,
  api,
  wire,
  oracle,
  failed,
}) => {
  const { topic, group, other } = await failed(12, false);
  await oracle.startConsumer({ group, topic, mode: 'fail', maxReconsumeTimes: 2 });
  try {
    await page.goto(`/dead-letters/group?group=${group}`);
    await lettersTable(page).getByRole('checkbox', { name: 'Select all on this page' }).check();
    await page.getByRole('button', { name: 'Redrive…' }).click();
    const dialog = page.getByRole('dialog', { name: /^Redrive 12 dead letters/ });
    // On, since the group reads the copies and somebody of it is connected.
    await expect(dialog.getByRole('switch', { name: /^Canary/ })).toBeChecked();
    await dialog.getByLabel('Wait at most').fill('30');
    await expect(dialog.getByText(/^Brake, always on: pauses when more than 5 copies and more than 5 %/)).toBeVisible();
    await dialog.getByLabel('Reason').fill('is billing up again');
    await dialog.getByRole('button', { name: 'Redrive 12 messages' }).click();
    await expect(dialog).toBeHidden();
    const { id } = await latestJob(api, group);
    await page.goto(`/jobs/${id}`);
    await expect(page.getByText(/^The canary failed: the one copy of stage 1 failed again/)).toBeVisible();
    await expect(brakeOf(page)).toContainText('stage 1 of 3');
    await expect(page.getByRole('button', { name: 'Resume' })).toBeEnabled();

    const job = await ended(api, id);
    expect(job).toMatchObject({
      state: 'PAUSED',
      note: { key: 'canary_failed' },
      outcomes: { SELECTED: 11 },
      progress: { canary: { stage: 1, sent: 1, failed: 1, waitMs: 30_000 }, brake: { failed: 1, judged: 1 } },
    });
    const [copy, ...more] = await copiesOf(oracle, `%RETRY%${group}`, id);
    expect(more).toEqual([]);
    // The group fails on it until it has no attempt left, and is handed nothing else.
    const received = await oracle.until(
      () => oracle.received(group),
      (messages) => messages.length >= 3,
    );
    expect(new Set(keysOf(received))).toEqual(new Set([copy?.keys]));
    expect(await oracle.received(other)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel rest' }).click();
    const sure = page.getByRole('alertdialog');
    await sure.getByLabel('Reason').fill('it is not');
    await sure.getByRole('button', { name: 'Cancel rest' }).click();
    await expect.poll(async () => (await ended(api, id)).state).toBe('CANCELLED');
    expect(wire.requests(SEND)).toHaveLength(1);

    // The letter that it has become and the one that it was lead to each other.
    const { items } = await lettersOf(api, group, 13);
    const [old, again] = [items.find(({ diedAgainAs }) => diedAgainAs), items.find(({ copyOf }) => copyOf)];
    expect([old?.id, old?.diedAgainAs, again?.copyOf]).toEqual([copy?.properties.RDX_SRC, again?.id, old?.id]);
    await page.goto(`/dead-letters/group?group=${group}&letter=${encodeURIComponent(old?.id ?? '')}`);
    const drawer = page.getByRole('complementary', { name: 'Dead letter' });
    await expect(drawer).toContainText('A copy of it was sent, and died again as');
    await drawer.getByRole('link', { name: again?.id ?? '?', exact: true }).click();
    await expect(drawer).not.toContainText('A copy of it was sent, and died again as');
    await drawer.getByRole('link', { name: old?.id ?? '?', exact: true }).click();
    await expect(drawer).toContainText('A copy of it was sent, and died again as');
  } finally {
    await oracle.stopConsumer(group);
  }
});

test('a canary that is consumed lets the rest follow, one stage after the other', async ({
  page,
  api,
  wire,
  oracle,
  failed,
}) => {
  const { group, ids } = await failed(12);
  const plan = await planRedrive(api, group, ids, { canary: { waitMs: 30_000 } });
  expect(plan).toMatchObject({ canary: { stages: [1, 10], waitMs: 30_000 }, brake: { lagLimit: null } });
  await oracle.setMode(group, 'block');
  const { id } = await startJob(api, plan);
  await page.goto(`/jobs/${id}`);
  await expect(page.getByText(/Canary, stage 1 of 3: waits until the copy is consumed, at most/)).toBeVisible();
  expect(wire.requests(SEND)).toHaveLength(1);
  // The page of a first visit comes once more, in the browser's zone.
  await expect(page.getByText(/UTC\+8/).first()).toBeVisible();
  // The job needs nobody who looks.
  await page.context().setOffline(true);
  await oracle.setMode(group, 'success');
  const job: JobDetail = await ended(api, id);
  expect(job).toMatchObject({ state: 'DONE', total: 12, progress: { canary: { stage: 3 }, brake: { failed: 0 } } });
  await expect(page.getByText(/Redrive itself does not answer since \d+:\d+/)).toBeVisible();
  await expect(brakeOf(page)).not.toContainText('passed');
  await page.context().setOffline(false);
  await expect(brakeOf(page)).toContainText('passed');
  const received = await oracle.received(group);
  expect(keysOf(received)).toEqual(Array.from({ length: 12 }, (_, n) => `K-${n}`).sort());
  // What the group received before the next stage left.
  const sends = wire.requests(SEND).map((frame) => frame.at);
  const stages = [0, 1, 11].map((from) => received.filter(({ at }) => at < (sends[from] ?? 0)).length);
  expect(stages).toEqual([0, 1, 11]);
});

test('letters are marked handled, reopened and exported as CSV; the cluster is not touched', async ({
  page,
  api,
  wire,
  failed,
  watched,
}) => {
  const { group } = await failed(3, false);
  await page.goto(`/dead-letters/group?group=${group}`);
  const act = async (button: string, done: RegExp, { offline = false } = {}) => {
    await choose(page, ['K-0', 'K-2']);
    await page.getByRole('button', { name: button }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('told the customer');
    if (offline) {
      await page.context().setOffline(true);
      await dialog.getByRole('button', { name: done }).click();
      await expect(dialog.getByText("The console's server does not answer.").first()).toBeVisible();
      await page.context().setOffline(false);
    }
    await dialog.getByRole('button', { name: done }).click();
    await expect(dialog).toBeHidden();
  };
  const handled = async () => (await lettersOf(api, group, 3)).counts;
  await act('Mark handled…', /^Mark 2 handled$/);
  await expect.poll(handled).toMatchObject({ open: 1, handled: 2 });
  await expect(lettersTable(page).getByRole('row', { name: /K-0/ })).toContainText('Handled', { ignoreCase: true });
  // Nothing that was pressed without a network waits for it.
  await act('Reopen…', /^Reopen 2$/, { offline: true });
  await expect.poll(handled).toMatchObject({ open: 3, handled: 0 });
  expect((await api.get<{ items: unknown[] }>('/api/jobs', { group, kind: 'reopen' })).items).toHaveLength(1);

  await choose(page, ['K-0', 'K-2']);
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^CSV/ }).check();
  await dialog.getByLabel('Reason').fill('for the accountants');
  await dialog.getByRole('button', { name: 'Export 2' }).click();
  await expect(dialog).toBeHidden();
  const { id } = await latestJob(api, group);
  const job = await ended(api, id);
  expect(job).toMatchObject({ kind: 'export', state: 'DONE', outcomes: { EXPORTED: 2 } });
  const download = await fetch(`${watched.url}/api/jobs/export?id=${id}`, {
    headers: headersFor(`${watched.url}/api/`),
  });
  expect(download.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.csv"$/);
  const file = Buffer.from(await download.arrayBuffer());
  expect(createHash('sha256').update(file).digest('hex')).toBe(job.file?.sha256);
  const [head, ...rows] = file.toString('utf8').trimEnd().split('\r\n');
  expect(head).toMatch(/^\ufeffbroker,.*,keys,.*,bodyAs,body$/);
  expect(rows.map((row) => /K-\d/.exec(row)?.[0]).sort()).toEqual(['K-0', 'K-2']);
  for (const row of rows) expect(row).toMatch(/,Timeout,dead,text,"\{""n"":\d\}"$/);
  expect(wire.writeFrames()).toEqual([]);
});

async function planRedrive(api: Api, group: string, ids: readonly string[], more: object = {}): Promise<RedrivePlan> {
  const input = { group, select: { ids }, target: { kind: 'group' }, ...more };
  const plan = await makePlan<RedrivePlan>(api, 'redrive', input);
  expect(plan, JSON.stringify(plan)).toMatchObject({ refused: null, count: ids.length });
  return plan;
}

async function latestJob(api: Api, group: string): Promise<JobSummary> {
  const read = async () => (await api.get<{ items: JobSummary[] }>('/api/jobs', { group })).items[0];
  await expect.poll(read).toBeTruthy();
  return (await read()) as JobSummary;
}
