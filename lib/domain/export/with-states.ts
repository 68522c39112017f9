import type { Ctx } from '../ctx';
import { openLedger } from '../dead-letters/open-ledger';
import type { ArchivedLetter } from './archive-format';

const LOOKED_UP_AT_ONCE = 256;

/** The same letters, each with its word from the ledger; null where the ledger has not been read that far. */
export async function* withStates(
  ctx: Ctx,
  group: string,
  letters: AsyncIterable<ArchivedLetter>,
): AsyncGenerator<ArchivedLetter> {
  const { groupId } = await openLedger(ctx, group);
  let batch: ArchivedLetter[] = [];
  for await (const letter of letters) {
    batch.push(letter);
    if (batch.length < LOOKED_UP_AT_ONCE) continue;
    yield* await lookUp(ctx, groupId, batch);
    batch = [];
  }
  yield* await lookUp(ctx, groupId, batch);
}

async function lookUp(ctx: Ctx, groupId: number, letters: readonly ArchivedLetter[]): Promise<ArchivedLetter[]> {
  const found: ArchivedLetter[] = [];
  const placesOf = (broker: string) =>
    letters.filter((letter) => letter.broker === broker).map(({ record }) => record.physicalOffset);
  const brokers = [...new Set(letters.map(({ broker }) => broker))];
  const words = new Map(
    await Promise.all(
      brokers.map(
        async (broker) => [broker, await ctx.store.letters.wordsAt(groupId, broker, placesOf(broker))] as const,
      ),
    ),
  );
  for (const letter of letters)
    found.push({ ...letter, state: words.get(letter.broker)?.get(letter.record.physicalOffset) ?? null });
  return found;
}
