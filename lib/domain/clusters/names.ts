import type { z } from 'zod';
import type { namesReply } from '@/lib/contract/clusters';
import type { Ctx } from '../ctx';
import { requireSnapshot } from '../snapshot/require-snapshot';
import { isInternalType } from '../snapshot/system-names';

/** Names of business topics and groups, in order. `DomainError` UNAVAILABLE without a picture. */
export function listNames(ctx: Ctx): z.input<typeof namesReply> {
  const { topics, groups, asOf } = requireSnapshot(ctx);
  return {
    topics: [...topics.values()].flatMap(({ name, type }) => (isInternalType(type) ? [] : [name])).sort(),
    groups: [...groups.values()].flatMap(({ name, system }) => (system ? [] : [name])).sort(),
    asOf,
  };
}
