import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import type { GroupsReply } from '@/lib/contract/groups';
import type { TopicsReply } from '@/lib/contract/topics';
import { STATUS_WORDS } from '@/lib/contract/words';
import { expect, test } from './fixtures';

async function save(page: Page, format: RegExp): Promise<{ download: Download; text: string }> {
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: format }).click();
  const download = await started;
  return { download, text: await readFile(await download.path(), 'utf8') };
}

test('the whole list is saved as it is filtered, as CSV and as JSONL', async ({ page, api, shop }) => {
  expect(shop.late).toEqual([]);
  await page.goto('/topics?type=FIFO');
  const { items } = await api.get<TopicsReply>('/api/topics', { type: 'FIFO', limit: 500 });
  const csv = await save(page, /CSV/);
  expect(csv.download.suggestedFilename()).toMatch(/^topics-[\dT-]+\.csv$/);
  const [head, ...lines] = csv.text.replace('\ufeff', '').trimEnd().split('\r\n');
  expect(head).toMatch(/^topic,type,queues,/);
  expect(lines.map((line) => line.split(',')[0]).sort()).toEqual(items.map(({ topic }) => topic).sort());

  await page.goto('/groups?q=inventory');
  const jsonl = await save(page, /JSONL/);
  const groups = jsonl.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as GroupsReply['items'][number]);
  expect(groups.map(({ group }) => group)).toContain('inventory-sync');
  expect(groups.every(({ group }) => group.includes('inventory'))).toBe(true);
});

test('an order that no list has is said to be unknown, and the usual one offered', async ({ page }) => {
  for (const path of ['/topics', '/groups', '/dead-letters']) {
    await page.goto(`${path}?sort=zzz`);
    await expect(page.getByText('The list cannot be sorted by zzz.')).toBeVisible();
    await page.getByRole('button', { name: 'List in the usual order' }).click();
    await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible();
    await expect(page).not.toHaveURL(/sort=/);
  }
});

test('a page of one thing that the address does not name says so and leads to the list', async ({ page }) => {
  for (const [path, what, list] of [
    ['/groups/detail', 'group', '/groups'],
    ['/topics/detail', 'topic', '/topics'],
    ['/dead-letters/group', 'group', '/dead-letters'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`The address names no ${what}`);
    await page.getByRole('link', { name: 'See all of them' }).click();
    await expect(page).toHaveURL(new RegExp(`${list}(\\?|$)`));
  }
});

test('groups left behind are folded away, found by name, and shown on request', async ({
  page,
  api,
  oracle,
  unique,
}) => {
  const group = unique('left-behind');
  await oracle.createGroup(group);
  await expect.poll(async () => (await api.look<GroupsReply>('/api/groups', { q: group })).total).toBe(1);
  await page.goto('/groups');
  const row = page.getByRole('table', { name: 'Consumer groups' }).getByRole('row', { name: group });
  const fold = page.getByRole('button', { name: /idle hidden/ });
  await expect(fold).toBeVisible();
  await expect(row).toHaveCount(0);
  await fold.click();
  await expect(page).toHaveURL(/idle=true/);
  await page.goto(`/groups?q=${group}`);
  await expect(row).toBeVisible();
});

/** Rows of the real answer, many times over: no sandbox has 600 groups. Reversed, they have every status. */
async function multiply(page: Page, count: number) {
  const state = { isReversed: false };
  await page.route('**/api/groups?*', async (route) => {
    const response = await route.fetch();
    const reply = (await response.json()) as GroupsReply;
    const items = Array.from({ length: count }, (_, n) => ({
      ...reply.items[n % reply.items.length],
      group: `group-${String(n).padStart(4, '0')}`,
    }));
    if (state.isReversed) items.reverse();
    const counts = {
      ...reply.counts,
      ...(state.isReversed && Object.fromEntries(STATUS_WORDS.map((word) => [word, 1]))),
    };
    await route.fulfill({ response, json: { ...reply, items, counts, failures: [], total: count, nextCursor: null } });
  });
  return state;
}

test('a long list draws what is in sight, and keeps the row under the pointer', async ({ page, shop }) => {
  expect(shop.groups).toBeGreaterThan(3);
  const list = await multiply(page, 600);
  await page.goto('/groups');
  const table = page.getByRole('table', { name: 'Consumer groups' });
  await expect(table).toHaveAttribute('aria-rowcount', '601');
  const rows = table.locator('tr[data-index]');
  expect(await rows.count()).toBeLessThan(150);
  await rows.first().focus();
  await table.evaluate((element) => element.parentElement?.scrollTo(0, element.scrollHeight));
  await expect(table.getByRole('link', { name: 'group-0599' })).toBeVisible();
  await table.evaluate((element) => element.parentElement?.scrollTo(0, 0));
  await expect(table.getByRole('link', { name: 'group-0000' })).toBeVisible();

  const place = await rows.first().boundingBox();
  await rows.first().hover();
  list.isReversed = true;
  await expect(page.getByText('Order held')).toBeVisible();
  await expect(rows.first()).toContainText('group-0000');
  await expect(page.getByRole('search').getByRole('button', { name: /UNKNOWN/ })).toBeVisible();
  expect(await rows.first().boundingBox()).toEqual(place);
  await page.mouse.move(5, 5);
  await expect(rows.first()).toContainText('group-0599');
});

test('a page that is paused asks for nothing until it is live again', async ({ page }) => {
  const asked = (options?: { timeout: number }) => page.waitForRequest(/\/api\//, options);
  await page.goto('/groups');
  await asked();
  await page.getByRole('button', { name: 'Live', exact: true }).click();
  await page.waitForLoadState('networkidle');
  await expect(asked({ timeout: 7_000 })).rejects.toThrow('Timeout');
  const askedAgain = asked();
  await page.getByRole('button', { name: 'Live', exact: true }).click();
  await askedAgain;
});
