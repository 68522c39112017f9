import type { Selection } from '@/lib/contract/plans';
import type { Failure } from '@/lib/contract/primitives';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { askBrokers, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import type { LetterQueue } from '../dead-letters/queues';
import { readLetterQueues } from '../dead-letters/queues';
import { selectLetters } from '../dead-letters/select-letters';
import { DomainError } from '../errors';
import { requireGroupOrLetters } from '../groups/find';
import { readQueue } from '../messages/read-queue';
import { parseRecordId, recordIdOf } from '../messages/record-id';
import { viewRecord } from '../messages/view-record';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { inParallel } from './in-parallel';
import { stillThere } from './still-there';

/** Most letters of one job in this version. */
export const MAX_LETTERS = 1000;
const VIEWS_AT_ONCE = 16;

export interface Letter {
  broker: string;
  record: StoredMessage;
}
export interface SelectedLetters {
  /** Newest first. */
  letters: Letter[];
  /** Ids whose record is expired, purged, or was never there. */
  gone: string[];
  queues: LetterQueue[];
  /** Brokers that are needed and did not answer. */
  failures: Failure[];
}

export const letterId = ({ broker, record }: Letter): string =>
  recordIdOf({ broker, physicalOffset: record.physicalOffset });

/**
 * The letters of a selection, read now. INVALID when an id names no dead letter of this group, or when "all" are more
 * than a job takes; NOT_FOUND for an unknown group.
 */
export async function readSelection(ctx: Ctx, group: string, select: Selection): Promise<SelectedLetters> {
  await requireGroupOrLetters(ctx, group);
  const { queues, failures } = await readLetterQueues(ctx, group);
  const ids = 'filter' in select ? await selectLetters(ctx, group, select.filter, MAX_LETTERS) : idsOf(select);
  const read = ids ? await readIds(ctx, group, ids, queues) : await readAll(ctx, group, queues);
  read.letters.sort(({ record: a }, { record: b }) => b.storedAt - a.storedAt || b.physicalOffset - a.physicalOffset);
  const needed = failures.filter(({ broker }) => !ids || ids.some((id) => id.startsWith(`${broker}:`)));
  return { ...read, queues, failures: oneEach([...needed, ...read.failures]) };
}

const idsOf = (select: Exclude<Selection, { filter: unknown }>) => ('ids' in select ? select.ids : null);

async function readAll(ctx: Ctx, group: string, queues: readonly LetterQueue[]) {
  const count = queues.reduce((sum, { minOffset, maxOffset }) => sum + maxOffset - minOffset, 0);
  if (count > MAX_LETTERS) throw new DomainError('INVALID', 'too_many_letters', { count, max: MAX_LETTERS, group });
  const topic = DLQ_PREFIX + group;
  const asked = await askBrokers([...new Set(queues.map(({ broker }) => broker))], async (broker) => {
    const mine = queues.filter((queue) => queue.broker === broker);
    return Promise.all(
      mine.map(async (queue) => {
        const read = await readQueue(ctx, { ...queue, topic }, queue.minOffset, queue.maxOffset);
        if (!read.isComplete) throw new DomainError('DEADLINE', 'deadline');
        return read.messages.map((record) => ({ broker, record }));
      }),
    );
  });
  return { letters: asked.items.flatMap(({ value }) => value.flat()), gone: [], failures: asked.failures };
}

async function readIds(ctx: Ctx, group: string, ids: readonly string[], queues: readonly LetterQueue[]) {
  const topic = DLQ_PREFIX + group;
  const places = [...new Set(ids)].map((id) => {
    const place = parseRecordId(id);
    if (!place) throw new DomainError('INVALID', 'record_id_malformed', { id });
    return { id, ...place };
  });
  const letters: Letter[] = [];
  const gone: string[] = [];
  const asked = await askBrokers([...new Set(places.map(({ broker }) => broker))], async (broker) => {
    const mine = places.filter((place) => place.broker === broker);
    const records = await inParallel(mine, VIEWS_AT_ONCE, (place) => viewRecord(ctx, place));
    const found: Letter[] = [];
    for (const [index, record] of records.entries()) {
      const id = mine[index]?.id ?? '';
      if (!record) gone.push(id);
      else if (record.topic !== topic) throw new DomainError('INVALID', 'not_a_dead_letter', { id, group });
      else found.push({ broker, record });
    }
    const isThere = await stillThere(ctx, group, queues, found.map(placeOf));
    for (const letter of found) {
      if (isThere(placeOf(letter)) === 'there') letters.push(letter);
      else gone.push(letterId(letter));
    }
  });
  return { letters, gone, failures: asked.failures };
}

export const placeOf = ({ broker, record: { queueId, queueOffset, physicalOffset } }: Letter) => ({
  broker,
  queueId,
  queueOffset,
  physicalOffset,
});
