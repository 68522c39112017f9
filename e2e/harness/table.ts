import type { Locator } from '@playwright/test';

/** Body rows of a table: text of each cell by the text of its column's head. */
export function rowsOf(table: Locator): Promise<Record<string, string>[]> {
  return table.evaluate((element) => {
    const text = (cell: Element) => (cell.textContent ?? '').replace(/\s+/g, ' ').trim();
    const heads = [...element.querySelectorAll('thead th, thead td')].map(text);
    return [...element.querySelectorAll('tbody tr')].map((row) =>
      Object.fromEntries([...row.children].map((cell, index) => [heads[index] || String(index), text(cell)])),
    );
  });
}

/** The number a cell shows; its digits may be grouped, by a space as {@link rowsOf} leaves it too. */
export const numberIn = (text: string | undefined): number => {
  const digits = /-?\d+(?:[\s,.]\d{3})*/.exec(text ?? '')?.[0].replace(/[^\d-]/g, '');
  return digits === undefined ? Number.NaN : Number(digits);
};
