import { ByteCursor } from '../codec/byte-cursor';
import { requireInteger, requireObject } from '../codec/fastjson-fields';
import { type MessageQueue, queueRowsOf } from '../codec/message-queue';
import { bodyObject, instantOf } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

export interface QueueTopicStats extends MessageQueue {
  minOffset: number;
  maxOffset: number;
  /** Store time of the last message, epoch ms; null for an empty queue. */
  lastUpdatedAt: number | null;
}

/**
 * Master (a slave answers from its own copy). `topic`; body `TopicStatsTable`:
 * `{"offsetTable":{{"brokerName":"b","queueId":0,"topic":"T"}:{"lastUpdateTimestamp":…,"maxOffset":42,"minOffset":0}}}`
 * over `max(read, write)` queues. 17: not on this broker, which is null.
 */
export const GET_TOPIC_STATS_INFO = defineRequest<{ topic: string }, { queues: QueueTopicStats[] } | null, 'READ'>({
  name: 'GET_TOPIC_STATS_INFO',
  code: 202,
  access: 'READ',
  accepts: [0, 17],
  encode: ({ topic }) => ({ fields: { topic } }),
  decode: (reply) => {
    if (reply.code === 17) return null;
    const plain = readPlain(reply.body);
    if (plain) return { queues: plain };
    const { offsetTable } = bodyObject(reply, 'TopicStatsTable');
    return {
      queues: queueRowsOf(offsetTable, 'TopicStatsTable').map(([queue, value]) => {
        const row = requireObject(value, 'TopicOffset');
        return {
          ...queue,
          minOffset: requireInteger(row, 'minOffset', 'TopicOffset'),
          maxOffset: requireInteger(row, 'maxOffset', 'TopicOffset'),
          lastUpdatedAt: instantOf(row.lastUpdateTimestamp),
        };
      }),
    };
  },
});

const COMMA = 0x2c;
const START = Buffer.from('{"offsetTable":{');
const QUEUE_ID = Buffer.from(',"queueId":');
const STORED = Buffer.from('"lastUpdateTimestamp":');
const MAX = Buffer.from(',"maxOffset":');
const MIN = Buffer.from(',"minOffset":');
const CLOSE = 0x7d;
/** What stands before and behind a queue's id, in every row the same. */
const HEAD = /^\{"brokerName":"([^"\\]*)","queueId":$/;
const MIDDLE = /^,"topic":"([^"\\]*)"\}:\{"lastUpdateTimestamp":$/;
/** What follows the table: nothing, or single figures such as `topicPutTps` of 5.4 and later. */
const END = /^\}(,"[A-Za-z]+":[\d.E-]+)*\}$/;

/** The way servers of 5.x write it, at a fraction of the cost of the parser: a sweep reads thousands. Null for any other. */
function readPlain(body: Buffer): QueueTopicStats[] | null {
  const cursor = new ByteCursor(body);
  if (!cursor.literal(START)) return null;
  const idAt = body.indexOf(QUEUE_ID, cursor.at) + QUEUE_ID.length;
  const head = body.subarray(cursor.at, idAt);
  const [, brokerName] = HEAD.exec(head.toString('utf8')) ?? [];
  let middle: Buffer | undefined;
  let topic: string | undefined;
  const queues: QueueTopicStats[] = [];
  do {
    if (!cursor.literal(head) || !cursor.integer()) return null;
    const queueId = cursor.value;
    if (!middle) {
      middle = body.subarray(cursor.at, body.indexOf(STORED, cursor.at) + STORED.length);
      [, topic] = MIDDLE.exec(middle.toString('utf8')) ?? [];
    }
    if (brokerName === undefined || topic === undefined) return null;
    if (!cursor.literal(middle) || !cursor.integer()) return null;
    const lastUpdatedAt = instantOf(cursor.value);
    if (!cursor.literal(MAX) || !cursor.integer()) return null;
    const maxOffset = cursor.value;
    if (!cursor.literal(MIN) || !cursor.integer()) return null;
    const minOffset = cursor.value;
    if (!cursor.byte(CLOSE)) return null;
    queues.push({ topic, brokerName, queueId, minOffset, maxOffset, lastUpdatedAt });
  } while (cursor.byte(COMMA));
  return END.test(body.toString('latin1', cursor.at)) ? queues : null;
}
