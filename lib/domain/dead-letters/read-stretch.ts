import type { BriefRecord } from '@/lib/rocketmq/codec/brief-record';
import { pullBriefly } from '@/lib/rocketmq/requests/pull-message';
import { type NewLetter, NewLetters } from '@/lib/store/new-letters';
import type { Ctx } from '../ctx';
import { causeOf, isCauseProperty } from '../messages/cause';
import { isPopRecord, originTopicOf } from '../messages/origin-topic';
import { readQueueAs } from '../messages/read-queue';
import { bornAtOf } from '../messages/row';
import { inParallel } from '../redrive/in-parallel';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { failureOf } from './failure-of';
import type { LetterQueue } from './queues';
import type { Stretch } from './stretches';

/** What a broker hands out at once, unless told otherwise (`maxTransferCountOnMessageInMemory`). */
const PULL = 32;
const PULLS_AT_ONCE = 8;

/** What the ledger keeps, and what it works out its other columns from. */
const PROPERTIES = new Set(
  'UNIQ_KEY KEYS TAGS DLQ_ORIGIN_TOPIC RETRY_TOPIC REAL_TOPIC 1ST_POP_TIME RDX_OP RDX_N'.split(' '),
);
const PULL_LETTERS = pullBriefly((name) => PROPERTIES.has(name) || isCauseProperty(name));

export interface ReadStretch {
  letters: NewLetters;
  /** Place of the letter before the stretch, when it was read too and is still there. */
  placeBefore: number | null;
  /** Records that could not be decoded. */
  damaged: number;
  /** False when the deadline came first. */
  isComplete: boolean;
}

/** The letters of a stretch of a dead-letter queue, and the one before them when `isBeforeWanted`; `pause` comes before each pull. */
export async function readStretch(
  ctx: Ctx,
  group: string,
  { broker, queueId }: Pick<LetterQueue, 'broker' | 'queueId'>,
  { from, to, isBeforeWanted }: Stretch & { isBeforeWanted: boolean },
  pause: () => Promise<void> | undefined,
): Promise<ReadStretch> {
  const first = isBeforeWanted ? from - 1 : from;
  const starts = Array.from({ length: Math.ceil((to - first) / PULL) }, (_, index) => first + index * PULL);
  const queue = { broker, queueId, topic: DLQ_PREFIX + group };
  const read: ReadStretch = { letters: new NewLetters(to - from), placeBefore: null, damaged: 0, isComplete: true };
  await inParallel(starts, PULLS_AT_ONCE, async (start) => {
    await pause();
    const { messages, damaged, isComplete } = await readQueueAs(
      PULL_LETTERS,
      ctx,
      queue,
      start,
      Math.min(start + PULL, to),
    );
    for (const record of messages) {
      if (record.queueOffset < from) read.placeBefore = record.physicalOffset;
      else read.letters.put(record.queueOffset - from, letterOf(record, group));
    }
    read.damaged += damaged;
    read.isComplete &&= isComplete;
  });
  return read;
}

export function letterOf(record: BriefRecord, group: string): NewLetter {
  const { properties } = record;
  const cause = causeOf(properties);
  // A POP consumer's last delivery leaves one more retry copy behind before it gives up.
  const attempts = record.reconsumeTimes - (isPopRecord(record) ? 1 : 0);
  const itemNumber = Number(properties.RDX_N);
  return {
    queueOffset: record.queueOffset,
    phyOffset: record.physicalOffset,
    uniqKey: properties.UNIQ_KEY ?? '',
    keys: properties.KEYS ?? '',
    tag: properties.TAGS ?? '',
    originTopic: originTopicOf(record, group),
    bornAt: bornAtOf(record),
    storedAt: record.storedAt,
    reconsumeTimes: record.reconsumeTimes,
    attempts: Math.max(1, attempts),
    bodyBytes: record.storedBody.length,
    causeProperty: cause?.property ?? null,
    causeText: cause?.text ?? null,
    failure: failureOf(record, group, cause),
    rdxOp: properties.RDX_OP || null,
    rdxN: Number.isSafeInteger(itemNumber) && properties.RDX_N ? itemNumber : null,
  };
}
