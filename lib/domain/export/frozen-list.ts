import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import type { FrozenFilter } from '@/lib/store/handled-by-filter';
import type { LetterPlace } from '@/lib/store/letters-find';
import type { Ctx } from '../ctx';
import { type LedgerPlace, readAtPlaces } from '../dead-letters/read-at-places';
import { jobOf } from '../jobs/control';
import type { ArchivedLetter } from './archive-format';
import { linesIn } from './jsonl-format';
import { Stopped } from './progress';
import { writeWhole } from './whole-file';

/** Beside the archive while it is written: what it will hold, newest first. A restart goes by the same list. */
export const listName = (archive: string): string => `${archive}.letters`;

const LISTED_AT_ONCE = 1000;
/** Letters in memory at once. */
const READ_AT_ONCE = 256;

/**
 * The letters that a filter lets through, newest first. Their places are written to a file before the first is read, so
 * that a letter that is marked or sent meanwhile stays among them; one that is gone is left out, and counted by `onListed`.
 */
export async function* readFiltered(
  ctx: Ctx,
  group: string,
  filter: FrozenFilter,
  archive: string,
  onListed: (count: number) => void,
): AsyncGenerator<ArchivedLetter> {
  const file = path.join(jobOf(ctx).exportsDir, listName(archive));
  if (!existsSync(file)) await writeWhole(file, placesOf(ctx, filter));
  for await (const places of pagesOf(file)) {
    onListed(places.length);
    const records = await readAtPlaces(ctx, group, places);
    for (const [index, { broker }] of places.entries()) {
      const record = records[index];
      if (record) yield { broker, record };
    }
  }
}

async function* placesOf(ctx: Ctx, filter: FrozenFilter): AsyncGenerator<string> {
  const { control } = jobOf(ctx);
  let after: LetterPlace | null = null;
  for (;;) {
    const act = control.checkpoint();
    if (act !== 'go') throw new Stopped(act);
    const page: Awaited<ReturnType<typeof ctx.store.letters.page>> = await ctx.store.letters.page(
      filter.groupId,
      filter,
      { after, through: null },
      LISTED_AT_ONCE,
    );
    yield page.map(lineOf).join('');
    after = page.at(-1) ?? null;
    if (!after) return;
  }
}

const lineOf = ({ broker, queueId, queueOffset, phyOffset, uniqKey }: LedgerPlace): string =>
  `${JSON.stringify([broker, queueId, queueOffset, phyOffset, uniqKey])}\n`;

async function* pagesOf(file: string): AsyncGenerator<LedgerPlace[]> {
  let page: LedgerPlace[] = [];
  for await (const line of linesIn(createReadStream(file, 'utf8'))) {
    const [broker, queueId, queueOffset, phyOffset, uniqKey] = JSON.parse(line) as [
      string,
      number,
      number,
      number,
      string,
    ];
    page.push({ broker, queueId, queueOffset, phyOffset, uniqKey });
    if (page.length < READ_AT_ONCE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
