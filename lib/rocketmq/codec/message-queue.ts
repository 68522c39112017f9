import { CodecError } from './codec-error';
import type { FastjsonValue } from './fastjson';
import { entriesOf, requireInteger, requireObject, textOf } from './fastjson-fields';

export interface MessageQueue {
  topic: string;
  brokerName: string;
  queueId: number;
}

/** `Map<MessageQueue, …>` as rows. @throws CodecError for a key that is no MessageQueue. */
export function queueRowsOf(table: FastjsonValue | undefined, what: string): [MessageQueue, FastjsonValue][] {
  return entriesOf(table).map(([key, value]) => {
    if (typeof key === 'string') throw new CodecError(what, 'MessageQueue expected as key');
    return [messageQueueOf(key, what), value];
  });
}

function messageQueueOf(value: FastjsonValue, what: string): MessageQueue {
  const queue = requireObject(value, what);
  const topic = textOf(queue.topic);
  const brokerName = textOf(queue.brokerName);
  if (topic === null || brokerName === null) throw new CodecError(what, 'MessageQueue without topic or broker');
  return { topic, brokerName, queueId: requireInteger(queue, 'queueId', what) };
}
