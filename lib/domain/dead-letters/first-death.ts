import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { Ctx } from '../ctx';
import { DLQ_PREFIX } from '../snapshot/system-names';

/** When the message of a dead letter died for the first time, as far as ledger and journal know; null when it was now, or it is none. */
export async function firstDeathOf(ctx: Ctx, { topic, properties, storedAt }: StoredMessage): Promise<number | null> {
  if (!topic.startsWith(DLQ_PREFIX)) return null;
  const { UNIQ_KEY = '', RDX_OP, RDX_N } = properties;
  const of = { cluster: ctx.cluster, group: topic.slice(DLQ_PREFIX.length) };
  const first = await ctx.store.letters.firstDeath(of, {
    uniqKey: UNIQ_KEY,
    rdxOp: RDX_OP || null,
    rdxN: RDX_N && Number.isSafeInteger(Number(RDX_N)) ? Number(RDX_N) : null,
  });
  return first !== null && first < storedAt ? first : null;
}
