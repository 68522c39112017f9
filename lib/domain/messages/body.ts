import { readBody } from '@/lib/rocketmq/codec/body-codec';
import type { Ctx } from '../ctx';
import { hiddenBody } from '../masking/hidden';
import { recordRead, requireRecord } from './get';

/** Larger than any message a broker takes, smaller than what would hurt the process. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface BodyFile {
  bytes: Buffer;
  fileName: string;
}

/**
 * The bytes of a body for a download: inflated, or with `as: 'stored'`, and when they cannot be inflated, as they lie on
 * the broker. FORBIDDEN where something of it is hidden from the actor.
 */
export async function getMessageBody(
  ctx: Ctx,
  { id, as }: { id: string; as: 'inflated' | 'stored' },
): Promise<BodyFile> {
  const { broker, record, mask } = await requireRecord(ctx, id);
  if (mask && (mask.body || mask.paths.length > 0)) throw hiddenBody(mask);
  await recordRead(ctx, record);
  const name = record.properties.UNIQ_KEY || `${broker}-${record.physicalOffset}`;
  const content = as === 'stored' ? null : readBody(record.storedBody, record.sysFlag, MAX_BODY_BYTES);
  if (content && 'body' in content) return { bytes: content.body, fileName: `${name}.bin` };
  return { bytes: record.storedBody, fileName: `${name}.stored.bin` };
}
