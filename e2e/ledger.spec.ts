import type { DeadLettersReply, FailuresReply, LettersReply } from '@/lib/contract/dead-letters';
import { expect, test } from './fixtures';
import { violations } from './harness/accessibility';
import { rowsOf } from './harness/table';

test('causes of a ledger narrow it, and what is decided about one of them is counted everywhere', async ({
  page,
  api,
  oracle,
  unique,
}) => {
  const [topic, group] = [unique('ledger'), unique('ledger-reader')];
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await oracle.send(topic, [
    ...[1, 2, 3].map((n) => ({
      keys: `SLOW-${n}`,
      tags: 'PAID',
      body: '{}',
      properties: { errorType: `Timeout after ${n}000 ms` },
    })),
    ...[1, 2].map((n) => ({ keys: `ODD-${n}`, tags: 'PAID', body: `{"total":${n},"id":"${n}"}` })),
  ]);
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: 5 });
  const letters = () => api.look<LettersReply>('/api/dead-letters/messages', { group });
  await expect.poll(letters).toMatchObject({ total: 5, ledger: { read: 5, of: 5, completeSince: null } });
  const { items } = await api.get<FailuresReply>('/api/dead-letters/failures', { group });
  expect(items).toMatchObject([
    { kind: 'property', property: 'errorType', count: 3, open: 3 },
    { kind: 'shape', shape: { topic, tag: 'PAID', format: 'json', fields: ['id', 'total'] }, count: 2, open: 2 },
  ]);

  await page.goto(`/dead-letters/group?group=${group}`);
  const table = page.getByRole('table', { name: 'Dead letters, newest first' });
  const causes = page.getByRole('region', { name: 'Causes' });
  await expect(causes.getByRole('radio')).toHaveCount(2);
  await causes.getByRole('radio', { name: /^Timeout after \d000 ms/ }).check();
  await expect(page).toHaveURL(/failure=\d+/);
  await expect(page.getByRole('button', { name: 'Last 7 days' })).toBeInViewport({ ratio: 1 });
  await expect(table.getByRole('row')).toHaveCount(4);
  const keys = (await rowsOf(table)).map((row) => row.Key).sort();
  expect(keys).toEqual(['SLOW-1', 'SLOW-2', 'SLOW-3']);

  await causes.getByRole('button', { name: 'Add a note…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Note').fill('their supplier, see INC-7');
  await dialog.getByRole('button', { name: 'Save the note' }).click();
  await expect(causes.getByText('their supplier, see INC-7 (admin)')).toBeVisible();

  await table.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('button', { name: 'Redrive…' }).click();
  await expect(dialog.getByText(/Cause Timeout after \d000 ms/)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Mark handled…' }).click();
  await dialog.getByLabel('Reason').fill('the supplier was down');
  await dialog.getByRole('button', { name: /^Mark 3 / }).click();
  const strip = page.getByRole('region', { name: 'Letters by state' });
  await expect(strip).toContainText(/Dead\s*2.*Handled\s*3/s);
  await expect(table.getByText('Handled')).toHaveCount(3);

  await page.getByRole('button', { name: 'Remove filter Cause' }).click();
  await page.getByRole('textbox', { name: 'Filter by key or message id' }).fill('ODD-2');
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(table).toContainText('ODD-2');

  const row = async () =>
    (await api.look<DeadLettersReply>('/api/dead-letters', { q: group })).items?.find((each) => each.group === group);
  await expect.poll(row).toMatchObject({
    count: 5,
    open: 2,
    handled: 3,
    lastHour: 5,
    cause: { text: null, share: 1 },
    originTopics: [topic],
    status: expect.any(String),
  });
  // As if this browser had looked before any of them died, and long ago.
  await page.evaluate((asked) => {
    const key = Object.keys(localStorage).find((each) => each.endsWith(` ${asked}`)) ?? '';
    localStorage.setItem(key, JSON.stringify({ newSince: null, seenAt: Date.now() - 86_400_000 }));
  }, group);
  await page.goto(`/dead-letters/group?group=${group}`);
  await expect(causes.getByText('new since your visit')).toHaveCount(2);
  await expect(table.getByText('new', { exact: true })).toHaveCount(5);

  await page.goto(`/dead-letters?q=${group}`);
  await expect(
    page.getByRole('img', { name: /^5 letters died in the last 24 hours, most of them, 5, from/ }),
  ).toBeVisible();
  const shown = page.getByRole('table', { name: 'Groups with dead letters' });
  await expect(shown).toContainText(`from ${topic}`);
  await expect(shown).toContainText('No cause recorded');
  await expect(shown).toContainText('+5');

  // A search is in its address.
  await page.goto(`/dead-letters/group?group=${group}&in=path&name=total&is=equals&text=2`);
  const found = page.getByRole('table', { name: 'Letters found, newest first' });
  const search = page.getByRole('region', { name: 'Search' });
  await expect(search).toContainText(/1 found.*5 of 5 letters read/);
  expect(await rowsOf(found)).toMatchObject([{ Key: 'ODD-2', Found: '2' }]);
  await page.getByRole('button', { name: 'Body text' }).click();
  await page.getByRole('textbox', { name: 'Text in the body' }).fill('"TOTAL":');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/in=body/);
  await expect(search).toContainText('2 found');
  await found.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('button', { name: 'Mark handled…' }).click();
  await dialog.getByLabel('Reason').fill('totals are corrected by hand');
  await dialog.getByRole('button', { name: /^Mark 2 / }).click();
  await expect(found.getByText('Handled')).toHaveCount(2);
  expect.soft(await violations(page), 'what a search has found, and a cause with a note').toEqual([]);
  await page.getByRole('button', { name: 'Close the search' }).click();
  await expect(table.getByText('Handled')).toHaveCount(5);
});
