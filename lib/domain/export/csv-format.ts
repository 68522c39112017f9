import { readBody } from '@/lib/rocketmq/codec/body-codec';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { isText } from '../messages/body-view';
import { causeOf } from '../messages/cause';
import { isPopRecord, originTopicOf } from '../messages/origin-topic';
import { bornAtOf } from '../messages/row';
import type { ArchivedLetter, ArchiveFormat } from './archive-format';
import { csvLine, csvRows } from './csv-text';

export const CSV_COLUMNS = [
  'broker',
  'queueId',
  'queueOffset',
  'physicalOffset',
  'msgId',
  'uniqKey',
  'keys',
  'tag',
  'originTopic',
  'bornAt',
  'diedAt',
  'attempts',
  'cause',
  'state',
  'bodyAs',
  'body',
] as const;

/** For spreadsheets: one letter per row, times in ISO 8601, cells that would be formulas with a `'` before them. */
export const CSV: ArchiveFormat = {
  ending: '.csv',
  isCompressed: false,
  // With a byte order mark, so that spreadsheets read UTF-8.
  head: `\ufeff${csvLine(CSV_COLUMNS)}`,
  lineOf: (letter) => csvLine(cellsOf(letter)),
  async *places(text) {
    let isHeader = true;
    for await (const cells of csvRows(text)) {
      if (cells.length !== CSV_COLUMNS.length) throw new Error(`it holds a row of ${cells.length} cells`);
      if (!isHeader) yield placeOf(cells);
      isHeader = false;
    }
    if (isHeader) throw new Error('it holds no header');
  },
};

function cellsOf({ broker, record, state, masked }: ArchivedLetter): Parameters<typeof csvLine>[0] {
  const { properties, reconsumeTimes, storedAt } = record;
  const { bodyAs, body } = masked?.includes('body') ? { bodyAs: 'masked', body: '' } : bodyOf(record);
  return [
    broker,
    record.queueId,
    record.queueOffset,
    record.physicalOffset,
    record.offsetMessageId,
    properties.UNIQ_KEY,
    properties.KEYS,
    properties.TAGS,
    originTopicOf(record),
    timeOf(bornAtOf(record)),
    timeOf(storedAt),
    Math.max(1, reconsumeTimes - (isPopRecord(record) ? 1 : 0)),
    causeOf(properties)?.text,
    state,
    bodyAs,
    body,
  ];
}

/** `base64-stored`: still compressed, since it cannot be inflated. */
function bodyOf({ storedBody, sysFlag }: StoredMessage): { bodyAs: string; body: string } {
  const content = readBody(storedBody, sysFlag);
  if ('unreadable' in content) return { bodyAs: 'base64-stored', body: storedBody.toString('base64') };
  if (isText(content.body)) return { bodyAs: 'text', body: content.body.toString('utf8') };
  return { bodyAs: 'base64', body: content.body.toString('base64') };
}

const MOST_MS = 8.64e15;
const timeOf = (ms: number): string => (Math.abs(ms) <= MOST_MS ? new Date(ms).toISOString() : String(ms));

function placeOf([broker = '', queueId, queueOffset, physicalOffset]: readonly string[]) {
  return {
    broker: broker.replace(/^'/, ''),
    queueId: Number(queueId),
    queueOffset: Number(queueOffset),
    physicalOffset: Number(physicalOffset),
  };
}
