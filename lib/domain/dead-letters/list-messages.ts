import type { z } from 'zod';
import type { LetterRow, LettersReply, lettersQuery } from '@/lib/contract/dead-letters';
import { askBrokers, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { requireGroupOrLetters } from '../groups/find';
import { isPopRecord } from '../messages/origin-topic';
import { isLate, readQueue } from '../messages/read-queue';
import { rowOf } from '../messages/row';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { decodeCursor, encodeCursor } from './cursor';
import { expiryOf, readEdge } from './edge-times';
import { isWanted, type LetterWord, wordsOf } from './ledger';
import { readNewestFirst, type TailQueue, type TailRecord } from './newest-first';
import { readLetterQueues } from './queues';
import { countSettled } from './settled';

/** Letters looked at for one page when a filter leaves most of them out. */
const SCAN_BUDGET = 5000;

/**
 * The dead letters of a group, newest first over all masters, each with what was decided about it. Paging goes by queue
 * offsets, so letters that arrive meanwhile move nothing. NOT_FOUND for a group nobody knows; a group that never failed
 * has none. A broker that does not answer is among `failures`, and the figures leave it out.
 */
export async function listLetters(ctx: Ctx, input: z.output<typeof lettersQuery>): Promise<LettersReply> {
  const { group } = input;
  const bounds = input.cursor === undefined ? null : decodeCursor(input.cursor);
  await requireGroupOrLetters(ctx, group);
  const topic = DLQ_PREFIX + group;
  const { queues, failures } = await readLetterQueues(ctx, group);
  const [page, head, active] = await Promise.all([
    readNewestFirst<LetterRow>({
      queues,
      bounds,
      limit: input.limit,
      budget: SCAN_BUDGET,
      read: (queue, from, to) => readQueue(ctx, { ...queue, topic }, from, to),
      select: async (letters) => {
        const words = await wordsOf(ctx, group, letters);
        return letters.map((letter, index) => {
          const word = words[index];
          return word && isWanted(word.state, input.state) ? letterOf(letter, group, word) : undefined;
        });
      },
      isLate: () => isLate(ctx),
    }),
    summarise(ctx, group, queues),
    ctx.store.operations.activeOfGroup(ctx.cluster, group),
  ]);
  const total = queues.reduce((sum, { minOffset, maxOffset }) => sum + maxOffset - minOffset, 0);
  return {
    group,
    topic,
    items: page.items,
    total,
    counts: { ...head.counts, open: Math.max(0, total - head.counts.handled - head.counts.redriven) },
    nextCursor: page.next && encodeCursor(page.next),
    oldestAt: head.oldestAt,
    expiresAt: head.expiresAt,
    damaged: page.damaged,
    perBroker: perBrokerOf(queues),
    activeJob: active ? { id: active.id, kind: active.kind, state: active.state } : null,
    asOf: ctx.now(),
    failures: oneEach([...failures, ...page.failures]),
  };
}

async function summarise(ctx: Ctx, group: string, queues: readonly TailQueue[]) {
  const full = queues.filter(({ minOffset, maxOffset }) => maxOffset > minOffset);
  const brokers = [...new Set(full.map(({ broker }) => broker))];
  const edges = await askBrokers(brokers, async (broker) => {
    const mine = full.filter((queue) => queue.broker === broker);
    return Promise.all(mine.map((queue) => readEdge(ctx, group, queue, 'oldest')));
  });
  const oldest = edges.items.flatMap(({ broker, value }) => value.map((edge) => ({ broker, edge })));
  const places = new Map<string, number>();
  for (const { broker, edge } of oldest)
    if (edge) places.set(broker, Math.min(edge.physicalOffset, places.get(broker) ?? edge.physicalOffset));
  const times = oldest.flatMap(({ edge }) => (edge ? [edge.storedAt] : []));
  return {
    counts: await countSettled(ctx, group, queues, places),
    oldestAt: times.length > 0 ? Math.min(...times) : null,
    expiresAt: expiryOf(ctx, oldest),
  };
}

export function letterOf({ broker, record }: TailRecord, group: string, word: LetterWord): LetterRow {
  // A POP consumer's last delivery leaves one more retry copy behind before it gives up.
  const attempts = record.reconsumeTimes - (isPopRecord(record) ? 1 : 0);
  return { ...rowOf(broker, record, group), ...word, attempts: Math.max(1, attempts), diedAt: record.storedAt };
}

/** Offsets summed over the queues of a broker; its dead letters have one unless an operator gave them more. */
export function perBrokerOf(queues: readonly TailQueue[]) {
  const sums = new Map<string, { broker: string; minOffset: number; maxOffset: number }>();
  for (const { broker, minOffset, maxOffset } of queues) {
    const sum = sums.get(broker) ?? { broker, minOffset: 0, maxOffset: 0 };
    sums.set(broker, { broker, minOffset: sum.minOffset + minOffset, maxOffset: sum.maxOffset + maxOffset });
  }
  return [...sums.values()];
}
