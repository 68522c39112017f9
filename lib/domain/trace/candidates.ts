import type { TraceReply } from '@/lib/contract/trace';
import { originTopicOf } from '../messages/origin-topic';
import { keysOf, uniqKeyOf } from '../messages/row';
import type { Context } from './contexts';
import type { Copy } from './index-search';

export type Candidate = TraceReply['candidates'][number];

/** The different messages that carry a key, newest first. A record without a unique key is told by its offset id. */
export function candidatesOf(copies: readonly Copy[], contexts: readonly Context[], id: string): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { broker, record } of copies) {
    const uniqKey = uniqKeyOf(record) ?? record.offsetMessageId;
    const known = found.get(uniqKey);
    if (known && known.storedAt <= record.storedAt) continue;
    const topic = originTopicOf(record) ?? known?.topic ?? record.topic;
    found.set(uniqKey, { uniqKey, topic, storedAt: record.storedAt, broker, keys: keysOf(record) });
  }
  for (const context of contexts) {
    if (context.type !== 'Pub' && context.type !== 'EndTransaction') continue;
    for (const uniqKey of context.msgIds) {
      const isMeant = uniqKey === id || context.keys.includes(id);
      if (found.has(uniqKey) || !isMeant || context.topic === null) continue;
      const { topic, keys } = context;
      found.set(uniqKey, { uniqKey, topic, storedAt: context.at ?? 0, broker: context.storeHost ?? '', keys });
    }
  }
  return [...found.values()].sort((a, b) => b.storedAt - a.storedAt);
}
