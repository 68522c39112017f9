import type { LettersReply } from '@/lib/contract/dead-letters';
import type { JobSummary } from '@/lib/contract/jobs';
import { expect, test } from './fixtures';
import { violations } from './harness/accessibility';
import { ended, itemsOf } from './harness/jobs';

const SEND = 310;

test('an edited letter goes out once under a new id that names the old one; a second edit is refused with its job', async ({
  page,
  api,
  wire,
  oracle,
  unique,
}) => {
  test.setTimeout(120_000);
  const [topic, group] = [unique('edit'), unique('edit-reader')];
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await oracle.send(topic, [
    {
      keys: 'EDIT-1',
      tags: 'PAID',
      body: '{"order":7,"amount":"12,50"}',
      properties: { tenant: 't1', errorType: 'Parse' },
    },
  ]);
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: 1 });
  await oracle.forgetReceived(group);
  const read = () => api.ask<LettersReply>(`/api/dead-letters/messages?group=${group}`);
  await expect.poll(async () => (await read()).body.items?.length).toBe(1);
  const [letter] = (await read()).body.items;
  const dead = await oracle.readAll(`%DLQ%${group}`);
  await oracle.startConsumer({ group, topic, mode: 'success' });
  wire.clear();

  const open = async () => {
    await page.goto(`/dead-letters/group?group=${group}&letter=${encodeURIComponent(letter?.id ?? '')}`);
    await page.locator('.drawer').getByRole('button', { name: 'Edit…' }).click();
    return page.getByRole('dialog', { name: 'Edit a dead letter and redrive it' });
  };
  const dialog = await open();
  const act = dialog.getByRole('button', { name: 'Send the edited copy' });
  await dialog.getByLabel('Reason').fill('amount with a comma');
  await expect(act).toBeDisabled();
  await expect(dialog).toContainText('RETRY_TOPIC');
  await expect(dialog.getByRole('textbox', { name: 'Body' })).toHaveValue('{"order":7,"amount":"12,50"}');
  await dialog.getByRole('textbox', { name: 'Body' }).fill('{"order":7,"amount":12.5}');
  await dialog.getByRole('textbox', { name: 'Value of tenant' }).fill('t2');
  await dialog.getByRole('button', { name: 'Remove errorType' }).click();
  await dialog.getByRole('button', { name: 'Add a property' }).click();
  await dialog.getByRole('textbox', { name: 'Name of property 2' }).fill('fixedBy');
  await dialog.getByRole('textbox', { name: 'Value of fixedBy' }).fill('ops 值');
  const diff = dialog.getByRole('region', { name: 'What changes' });
  for (const line of [
    '-   "amount": "12,50"',
    '+   "amount": 12.5',
    '- tenant = t1',
    '+ tenant = t2',
    '- errorType = Parse',
    '+ fixedBy = ops 值',
  ])
    await expect(diff.getByText(line, { exact: true })).toBeVisible();
  await expect(diff).not.toContainText('KEYS');
  await expect(act).toBeEnabled();
  expect.soft(await violations(page), 'what is edited, and what changes').toEqual([]);
  expect(wire.writeFrames()).toEqual([]);
  await act.click();
  await expect(dialog).toBeHidden();

  const received = await oracle.until(
    () => oracle.received(group),
    (messages) => messages.length > 0,
  );
  const [job] = (await api.get<{ items: JobSummary[] }>('/api/jobs', { group, kind: 'redrive' })).items;
  expect(await ended(api, job?.id ?? '', 90_000)).toMatchObject({
    state: 'DONE',
    total: 1,
    reason: 'amount with a comma',
  });
  expect(received).toHaveLength(1);
  const [copy] = received;
  expect(Buffer.from(copy?.bodyBase64 ?? '', 'base64').toString()).toBe('{"order":7,"amount":12.5}');
  expect(copy).toMatchObject({ topic, keys: 'EDIT-1', tags: 'PAID', reconsumeTimes: 0 });
  expect(copy?.properties).toMatchObject({
    tenant: 't2',
    fixedBy: 'ops 值',
    RDX_ORIGIN_UNIQ_KEY: letter?.uniqKey,
    RDX_OP: job?.id,
  });
  expect(copy?.properties).not.toHaveProperty('errorType');
  expect(copy?.uniqKey).not.toBe(letter?.uniqKey);
  expect(wire.requests(SEND)).toHaveLength(1);
  const [item] = await itemsOf(api, job?.id ?? '');
  expect(item).toMatchObject({ label: letter?.uniqKey, evidence: { newUniqKey: copy?.uniqKey } });
  expect(await oracle.readAll(`%DLQ%${group}`)).toEqual(dead);

  const again = await open();
  await again.getByRole('textbox', { name: 'Body' }).fill('{"order":7,"amount":99}');
  await expect(again).toContainText(`already sent by job ${job?.id}`);
  await expect(again.getByRole('link', { name: 'Open that job' })).toBeVisible();
  await again.getByLabel('Reason').fill('a second opinion');
  await expect(again.getByRole('button', { name: 'Send the edited copy' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(again.getByText('What you changed here will be lost.')).toBeVisible();
  await again.getByRole('button', { name: 'Keep editing' }).click();
  await expect(again.getByRole('textbox', { name: 'Body' })).toHaveValue('{"order":7,"amount":99}');
  await page.locator('.scrim').click({ position: { x: 5, y: 5 } });
  await again.getByRole('button', { name: 'Discard' }).click();
  await expect(again).toBeHidden();
  expect(wire.requests(SEND)).toHaveLength(1);
  await oracle.stopConsumer(group);
});
