import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { LettersReply } from '@/lib/contract/dead-letters';
import type { JobSummary } from '@/lib/contract/jobs';
import { enter, expect, test } from './fixtures';
import { brightness, DARK, violations } from './harness/accessibility';
import type { Api } from './harness/api';
import { ended, makePlan, startJob } from './harness/jobs';

const MAX_SCRIPT_BYTES = 220_000;

/** Lists, with a row that the first HTML has to hold. */
const LISTS = [
  ['/topics', 'orders-paid'],
  ['/groups', 'inventory-sync'],
  ['/dead-letters', 'coupon-issue'],
  ['/dead-letters/group?group=coupon-issue', 'CouponExpiredException'],
  ['/topics/detail?topic=orders-paid', 'loyalty-points'],
  ['/groups/detail?group=inventory-sync', 'broker-a/0'],
  ['/', 'risk-scoring'],
] as const;

const PAGES = [
  ...LISTS.map(([path]) => path),
  '/topics?q=nothing-is-called-so',
  '/topics?internal=true',
  '/topics/detail?topic=orders-paid&tab=queues',
  '/topics/detail?topic=orders-paid&tab=config',
  '/topics/detail?topic=no-such-topic',
  '/groups/detail?group=inventory-sync&tab=members',
  '/groups/detail?group=inventory-sync&tab=subscriptions',
  '/groups/detail?group=inventory-sync&tab=settings',
  '/groups/detail?group=no-such-group',
  '/retries',
  '/retries?group=orders-fulfilment',
  '/dead-letters/group?group=loyalty-points',
  '/trace',
  '/trace?id=no-such-key',
  '/offsets/reset',
  '/offsets/reset?group=risk-scoring&topic=payments-flagged&to=earliest',
  '/offsets/reset?group=risk-scoring&topic=payments-flagged&to=earliest&step=plan',
  '/jobs',
  '/audit?last=all',
  '/audit?q=nothing-is-called-so',
  '/settings/permissions',
  '/settings/account',
  '/settings/tokens',
  '/settings/people',
  '/no-such-page',
];

/** So many take about as long as each other test of this file; two of them at each turn. */
const PARTS = 6;

// Most of this is work of the browser, and no test leaves anything behind.
test.describe.configure({ mode: 'parallel', timeout: 400_000 });

test.beforeEach(async ({ shop, watched }) => {
  expect(shop.late).toEqual([]);
  // The statuses of the shop have settled.
  await expect
    .poll(async () => (await watched.api.ask('/api/groups?status=STALLED')).text, { timeout: 120_000 })
    .toContain('inventory-sync');
});

async function settle(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
  await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
}

const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

for (let part = 0; part < PARTS; part++) {
  const title = 'no page breaks a rule of WCAG 2.2 AA in either theme, or scrolls sideways, wide or narrow';
  const tag = `@turn-${(part % 3) + 1}`;
  test(`${title} (${part + 1} of ${PARTS})`, { tag }, async ({ page, oracle }) => {
    const [dead] = await oracle.readAll('%DLQ%coupon-issue');
    const paths = [...PAGES, `/trace?id=${dead?.uniqKey}`].filter((_, index) => index % PARTS === part);
    for (const path of paths) {
      await page.setViewportSize({ width: 390, height: 900 });
      await settle(page, path);
      expect.soft(await scrollsSideways(page), `${path}, narrow`).toBe(false);
      await page.setViewportSize({ width: 1440, height: 900 });
      expect.soft(await violations(page), path).toEqual([]);
      expect.soft(await scrollsSideways(page), `${path}, wide`).toBe(false);
    }
  });
}

test('a page knows the dark theme before it is drawn', async ({ browser, watched }) => {
  const context = await browser.newContext({ colorScheme: 'dark' });
  await enter(context, watched.url);
  const page = await context.newPage();
  await page.goto(`${watched.url}/groups`);
  expect(await brightness(page)).toBeLessThan(DARK);
  await context.close();
});

test('no dialog, drawer or menu breaks one either', { tag: '@turn-2' }, async ({ page }) => {
  await settle(page, '/dead-letters/group?group=crm-sync');
  const table = page.getByRole('table', { name: 'Dead letters, newest first' });
  await table.getByRole('rowheader').first().click();
  await expect(page.getByText('Came from')).toBeVisible();
  expect.soft(await violations(page), 'drawer').toEqual([]);
  await page.keyboard.press('Escape');
  await table.getByRole('checkbox').nth(1).check();
  for (const act of ['Redrive…', 'Mark handled…', 'Export…']) {
    await page.getByRole('button', { name: act, exact: true }).click();
    await expect(page.getByRole('dialog').getByLabel('Reason')).toBeVisible();
    expect.soft(await violations(page), act).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  await page.getByRole('button', { name: 'More actions' }).click();
  expect.soft(await violations(page), 'menu').toEqual([]);
  await page.getByRole('menuitem', { name: 'Purge…' }).click();
  await expect(page.getByRole('alertdialog').getByLabel('Reason')).toBeVisible();
  expect.soft(await violations(page), 'purge').toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  expect.soft(await violations(page), 'palette').toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  expect.soft(await violations(page), 'keyboard help').toEqual([]);
});

test('nor does a letter with its history, or a job', async ({ page, api }) => {
  const group = 'returns-intake';
  const { items } = await api.get<LettersReply>('/api/dead-letters/messages', { group, limit: 1 });
  await settle(page, `/dead-letters/group?group=${group}&letter=${encodeURIComponent(items[0]?.id ?? '')}`);
  const history = page.locator('.drawer section').filter({ hasText: 'What happened to it' });
  await expect(history.getByRole('list')).toBeVisible();
  expect.soft(await violations(page), 'drawer').toEqual([]);
  await settle(page, `/jobs/${await someJob(api)}`);
  expect.soft(await violations(page), 'job').toEqual([]);
});

test('a phone shows all of the retry ladder', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await settle(page, '/retries?group=orders-fulfilment');
  const rungs = page
    .getByRole('img', { name: /^Messages waiting on each retry/ })
    .locator('g > text:nth-last-child(3)');
  await expect(rungs).toHaveText(Array.from({ length: 16 }, (_, index) => String(index + 1)));
  for (const rung of await rungs.all()) await expect(rung).toBeInViewport();
});

test('going to another page moves the focus to its beginning, unless a field has taken it', async ({ page }) => {
  await settle(page, '/groups');
  const main = page.locator('main');
  await page.getByRole('link', { name: 'inventory-sync' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('inventory-sync');
  await expect(main).toBeFocused();
  expect(await main.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe('none');
  await page.getByRole('link', { name: 'Dead letters', exact: false }).first().click();
  await page.getByRole('link', { name: 'coupon-issue' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('coupon-issue');
  await expect(main).toBeFocused();
  await page.getByRole('link', { name: 'Trace', exact: true }).click();
  await expect(page.getByRole('textbox', { name: 'Message id, offset id or key' })).toBeFocused();
});

test('the first HTML of every list holds its rows', async ({ api }) => {
  for (const [path, row] of LISTS) {
    const { text, status } = await api.ask(path);
    expect(status, path).toBe(200);
    const withoutScripts = text.replace(/<script\b[\s\S]*?<\/script>/g, '');
    expect.soft(withoutScripts, path).toContain(row);
  }
});

test('both languages, in the html element and in the first HTML', async ({ api }) => {
  for (const [accept, lang, title] of [
    ['en', 'en', 'Consumer groups'],
    ['zh-CN', 'zh-CN', '消费组'],
  ] as const) {
    const { text } = await api.ask('/groups', { headers: { 'accept-language': accept } });
    expect(text).toMatch(new RegExp(`<html[^>]*lang="${lang}"`));
    expect(text.replace(/<script\b[\s\S]*?<\/script>/g, '')).toContain(title);
  }
  const refused = await api.ask<{ message: string }>('/api/topics/detail?topic=a.b', {
    headers: { 'accept-language': 'zh-CN' },
  });
  expect(refused.body.message).toMatch(/[\u4e00-\u9fff]/);
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });
  test('every page renders without a missing word', { tag: '@turn-1' }, async ({ page }) => {
    for (const path of PAGES) {
      await settle(page, path);
      await expect.soft(page.locator('html'), path).toHaveAttribute('lang', 'zh-CN');
      const text = await page.locator('body').ariaSnapshot();
      expect.soft(text, path).toMatch(/[\u4e00-\u9fff]/);
      expect.soft(text, path).not.toMatch(/MISSING_MESSAGE|\b[a-z-]+\.[a-z]+\.[a-z]+[A-Za-z]*\b(?!@)/);
    }
  });
});

test('script that the first HTML asks for stays within the budget on every page', async ({ api }) => {
  const sizes = new Map<string, number>();
  const table: Record<string, { files: number; kB: number }> = {};
  for (const path of PAGES) {
    const { text } = await api.ask(path);
    const files = new Set(
      [...text.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+\.js)(?:\?[^"]*)?"/g)].map((m) => m[1] ?? ''),
    );
    let bytes = 0;
    for (const file of files) {
      if (!sizes.has(file)) sizes.set(file, gzipSync(Buffer.from((await api.ask(file)).text)).length);
      bytes += sizes.get(file) ?? 0;
    }
    table[path] = { files: files.size, kB: Math.round(bytes / 100) / 10 };
    expect(files.size, path).toBeGreaterThan(0);
    expect.soft(bytes, path).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
  }
  console.table(table);
});

async function someJob(api: Api): Promise<string> {
  const { items } = await api.get<{ items: JobSummary[] }>('/api/jobs', { group: 'returns-intake' });
  if (items[0]) return items[0].id;
  const letters = await api.get<LettersReply>('/api/dead-letters/messages', { group: 'returns-intake', limit: 1 });
  const plan = await makePlan(api, 'export', {
    group: 'returns-intake',
    select: { ids: letters.items.map(({ id }) => id) },
  });
  const { id } = await startJob(api, plan);
  await ended(api, id);
  return id;
}
