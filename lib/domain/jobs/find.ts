import type { Operation } from '@/lib/store/operations';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';

/** A job of this cluster. NOT_FOUND `unknown_job`. */
export async function findJob(ctx: Ctx, id: string): Promise<Operation> {
  const operation = await ctx.store.operations.get(id);
  if (!operation || operation.cluster !== ctx.cluster) throw new DomainError('NOT_FOUND', 'unknown_job', { id });
  return operation;
}
