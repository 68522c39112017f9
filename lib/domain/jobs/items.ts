import type { z } from 'zod';
import type { JobItemsReply, jobItemsQuery } from '@/lib/contract/jobs';
import type { Operation } from '@/lib/store/operations';
import type { Ctx } from '../ctx';
import { jobSpec } from './kinds';

export async function listItems(
  ctx: Ctx,
  operation: Operation,
  query: z.output<typeof jobItemsQuery>,
): Promise<JobItemsReply> {
  const none = { items: [], total: 0, nextCursor: null };
  const page = (await jobSpec(operation.kind).items?.(ctx.store, operation, query)) ?? none;
  return { ...page, asOf: ctx.now(), failures: [] };
}
