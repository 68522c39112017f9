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
    const plain = readPlain(reply.body.toString('utf8'));
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

const ROW =
  /\{"brokerName":"([^"\\]*)","queueId":(\d{1,9}),"topic":"([^"\\]*)"\}:\{"lastUpdateTimestamp":(-?\d{1,15}),"maxOffset":(-?\d{1,15}),"minOffset":(-?\d{1,15})\}[,}]/y;
const START = '{"offsetTable":{';
/** What follows the table: nothing, or single figures such as `topicPutTps` of 5.4 and later. */
const END = /(,"[A-Za-z]+":[\d.E-]+)*\}$/y;

/** The way servers of 5.x write it, at a tenth of the cost of the parser: a sweep reads thousands. Null for any other. */
function readPlain(text: string): QueueTopicStats[] | null {
  if (!text.startsWith(START)) return null;
  const queues: QueueTopicStats[] = [];
  let at = START.length;
  while (text[at] === '{') {
    ROW.lastIndex = at;
    const row = ROW.exec(text);
    if (!row) return null;
    const [found, brokerName = '', queueId, topic = '', lastUpdatedAt, maxOffset, minOffset] = row;
    at += found.length;
    queues.push({
      topic,
      brokerName,
      queueId: Number(queueId),
      minOffset: Number(minOffset),
      maxOffset: Number(maxOffset),
      lastUpdatedAt: instantOf(Number(lastUpdatedAt)),
    });
    if (text[at - 1] === '}') break;
  }
  END.lastIndex = at;
  return queues.length > 0 && text[at - 1] === '}' && END.test(text) ? queues : null;
}
