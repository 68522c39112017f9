import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, type Request, type Route } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
/** The brightness under which a theme is the dark one. */
export const DARK = 64;
const API = '**/api/**';
const asked = new WeakMap<Page, Set<Request>>();

/** Keeps what a page has asked for and was not answered yet. */
export function followRequests(page: Page): void {
  const open = new Set<Request>();
  asked.set(page, open);
  page.on('request', (request) => open.add(request));
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
}

/** What breaks a rule in the light theme, and what of that depends on colours in the dark one, which differs in nothing else. */
export async function violations(page: Page): Promise<string[]> {
  // axe measures one element after the other: a row that comes in between would lie where another one did.
  const held: Route[] = [];
  await page.route(API, (route) => void held.push(route));
  const answers = () => [...(asked.get(page) ?? [])].filter((open) => held.every((route) => route.request() !== open));
  try {
    await expect.poll(() => answers().length).toBe(0);
    // What has just arrived may be drawn late, and a chart fits itself to a new width: what was measured meanwhile says nothing.
    for (;;) {
      const [moves, before] = [await movesOf(page), await placesOf(page)];
      const found = await violationsOf(page);
      if ((await moves.evaluate((seen) => seen.count)) === 0 && (await placesOf(page)) === before) return found;
    }
  } finally {
    await page.unroute(API);
    await Promise.allSettled(held.map((route) => route.continue()));
  }
}

/** Counts the elements that come and go from now on. */
const movesOf = (page: Page) =>
  page.evaluateHandle(() => {
    const seen = { count: 0 };
    const observer = new MutationObserver((moves) => {
      seen.count += moves.length;
    });
    observer.observe(document.querySelector('main') ?? document.body, { childList: true, subtree: true });
    return seen;
  });

/** Where all that can be clicked lies. */
const placesOf = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [...document.body.querySelectorAll('a, button, input, select, textarea, [tabindex]')]
      .map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x, y, width, height].map(Math.round).join();
      })
      .join(';'),
  );

async function violationsOf(page: Page): Promise<string[]> {
  const light = await axe(page).withTags(TAGS).analyze();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => brightness(page)).toBeLessThan(DARK);
  const dark = await axe(page).withRules(OF_COLOURS).analyze();
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(() => brightness(page)).toBeGreaterThan(DARK);
  return [light, dark].flatMap(({ violations: found }, theme) =>
    found.flatMap(({ id, nodes }) =>
      nodes.map(
        (node) =>
          `${theme === 0 ? 'light' : 'dark'} ${id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`,
      ),
    ),
  );
}

/** Looks within the page, which has no frames, and describes only what breaks a rule: that is half of its time. */
const axe = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });

/** Of the page's ground, 0 to 255. */
export const brightness = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const [red = 255, green = 255, blue = 255] =
      getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g)?.map(Number) ?? [];
    return (red + green + blue) / 3;
  });
