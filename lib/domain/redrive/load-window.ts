import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { Item, ItemResult } from '@/lib/store/items';
import { accessRefused } from '../access-refused';
import type { FrozenLetter } from './input';
import type { Note } from './note';
import { readLetters } from './read-letters';
import type { RedriveRun } from './run-context';
import { isOfBroker } from './waits';

export interface Loaded {
  n: number;
  k: number;
  letter: FrozenLetter;
  record: StoredMessage;
}

/**
 * Reads the letters of a window again. Those of one sharding key keep their order: at most one of them is under way. Letters
 * of a broker that does not answer are left out, and the broker is waited for. One that turns the console away ends the job.
 */
export async function loadWindow(
  run: RedriveRun,
  items: readonly Item[],
): Promise<{ loaded: Loaded[]; read: Set<string>; refused: Note | null }> {
  const { ctx, operation, letters } = run;
  const { records, read, refused } = await readFromEach(run, items);
  const readable = items.filter(({ n }) => records.has(n));
  const tried = await ctx.store.attempts.lastTries(
    operation.id,
    readable.filter(({ state }) => state !== 'SELECTED').map(({ n }) => n),
  );
  const loaded: Loaded[] = [];
  const ended: ItemResult[] = [];
  const keys = new Set<string>();
  for (const item of readable) {
    const { n } = item;
    const record = records.get(n);
    const letter = record && letters.letterOf(item, record);
    const key = record?.properties.__SHARDINGKEY;
    if (!record) ended.push({ n, state: 'EXPIRED', terminalReason: 'source_gone' });
    else if (!letter) ended.push({ n, state: 'REJECTED', terminalReason: 'not_sendable' });
    else if (key === undefined || !keys.has(key)) loaded.push({ n, k: 1 + (tried.get(n) ?? 0), letter, record });
    if (key !== undefined) keys.add(key);
  }
  if (ended.length > 0) await ctx.store.batch([ctx.store.items.results(operation.id, ended)]);
  return { loaded, read, refused };
}

/** By item number; null: its broker no longer has it. */
async function readFromEach(run: RedriveRun, items: readonly Item[]) {
  const records = new Map<number, StoredMessage | null>();
  const read = new Set<string>();
  let refused: Note | null = null;
  const brokers = [...new Set(items.map(({ srcBroker }) => srcBroker))];
  await Promise.all(
    brokers.map(async (broker) => {
      const began = run.ctx.now();
      const mine = items.filter(({ srcBroker }) => srcBroker === broker);
      try {
        for (const [n, record] of await readLetters(run, mine)) records.set(n, record);
        read.add(broker);
      } catch (error) {
        if (!isOfBroker(error)) throw error;
        refused ??= accessRefused(error, broker);
        run.waits.failed(broker, error, began);
      }
    }),
  );
  return { records, read, refused: refused as Note | null };
}
