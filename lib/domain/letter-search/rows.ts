import type { z } from 'zod';
import type { LetterRowsReply, letterRowsQuery } from '@/lib/contract/letter-search';
import type { Ctx } from '../ctx';
import { letterOf } from '../dead-letters/list-messages';
import { requireGroupOrLetters } from '../groups/find';
import { maskRow } from '../masking/apply';
import { masking } from '../masking/mask';
import { parseRecordId } from '../messages/record-id';

/** Letters by their ids, as the ledger has them at this moment; those it does not have are left out. NOT_FOUND for a group nobody knows. */
export async function letterRows(ctx: Ctx, { group, ids }: z.output<typeof letterRowsQuery>): Promise<LetterRowsReply> {
  await requireGroupOrLetters(ctx, group);
  const groupId = await ctx.store.letters.groupId(ctx.cluster, group);
  const places = ids.flatMap((id) => parseRecordId(id) ?? []);
  const rows = await ctx.store.letters.at(
    groupId,
    places.map(({ broker, physicalOffset }) => ({ broker, phyOffset: physicalOffset })),
  );
  const links = await ctx.store.letters.links(rows.map(({ id }) => id));
  const maskOf = masking(ctx, { group });
  const items = new Map(
    rows
      .map((row) => maskRow(letterOf(row, group, links.get(row.id)), maskOf(row.originTopic)))
      .map((letter) => [letter.id, letter]),
  );
  return { group, items: ids.flatMap((id) => items.get(id) ?? []), asOf: ctx.now() };
}
