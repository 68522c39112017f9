import type { WireRequest } from './wire';

const SEND_MESSAGE_V2 = 310;

interface Queue {
  topic: string;
  queueId: number;
  broker: string;
}
interface Part {
  body: Buffer;
  properties: Buffer;
}

/** One batch to one queue: the broker stores its messages as independent ones. */
export const sendBatch = (queue: Queue, parts: readonly Part[], reconsumeTimes = 0): WireRequest =>
  sendOf(queue, Buffer.concat(parts.map(encoded)), 'true', reconsumeTimes);

export const sendOne = (queue: Queue, body: Buffer): WireRequest => sendOf(queue, body, 'false', 0);

function encoded({ body, properties }: Part): Buffer {
  const message = Buffer.alloc(22 + body.length + properties.length);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(body.length, 16);
  body.copy(message, 20);
  message.writeInt16BE(properties.length, 20 + body.length);
  properties.copy(message, 22 + body.length);
  return message;
}

function sendOf(
  { topic, queueId, broker }: Queue,
  body: Buffer,
  isBatch: 'true' | 'false',
  reconsumeTimes: number,
): WireRequest {
  const where = { a: 'bench-producer', b: topic, c: 'TBW102', d: '4', e: String(queueId) };
  const what = { f: '0', g: String(Date.now()), h: '0', i: '', j: String(reconsumeTimes), k: 'false', m: isBatch };
  return { code: SEND_MESSAGE_V2, fields: { ...where, ...what, n: broker }, body };
}
