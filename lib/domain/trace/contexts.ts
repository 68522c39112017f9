import { readBody } from '@/lib/rocketmq/codec/body-codec';
import { decodeTraceRecords, type TraceRecord } from '@/lib/rocketmq/codec/trace-records';
import type { Copy } from './index-search';

/** One event a client reported, with the address it reported from. */
export type Context = TraceRecord & { client: string };

/** The contexts of trace records that concern one of the ids; a record holds those of many messages. */
export function contextsOf(copies: readonly Copy[], ids: ReadonlySet<string>): Context[] {
  const contexts: Context[] = [];
  for (const { record } of copies) {
    const content = readBody(record.storedBody, record.sysFlag);
    if (!('body' in content)) continue;
    const client = withoutPort(record.bornHost);
    for (const context of decodeTraceRecords(content.body).records)
      if (concerns(context, ids)) contexts.push({ ...context, client });
  }
  return contexts;
}

function concerns(context: TraceRecord, ids: ReadonlySet<string>): boolean {
  return context.msgIds.some((id) => ids.has(id)) || ('keys' in context && context.keys.some((key) => ids.has(key)));
}

/** The port belongs to the connection that carried the trace, not to the consumer. */
export const withoutPort = (host: string): string => host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
