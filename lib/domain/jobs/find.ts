import type { Operation } from '@/lib/store/operations';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { isPermitted } from '../permission';
import { groupOf } from './group-of';

/** A job of this cluster. NOT_FOUND `unknown_job`. */
export async function findJob(ctx: Ctx, id: string): Promise<Operation> {
  const operation = await ctx.store.operations.get(id);
  if (!operation || operation.cluster !== ctx.cluster) throw new DomainError('NOT_FOUND', 'unknown_job', { id });
  const scope = { cluster: ctx.cluster, group: groupOf(operation) };
  if (!isPermitted(ctx.actor, 'metadata:read', scope)) throw new DomainError('NOT_FOUND', 'unknown_job', { id });
  return operation;
}
