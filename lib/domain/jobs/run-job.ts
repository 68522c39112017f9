import type { Operation } from '@/lib/store/operations';
import type { Mutation } from '../mutation';
import { cancelRequestJson } from './cancel-request';
import type { JobCtx } from './control';

/**
 * Carries out a QUEUED operation, or goes on with one that was interrupted or paused. One that pauses although its end was
 * asked for is taken up once more, which only closes its account. Errors as `Mutation.execute`.
 */
export async function runJob<Input>(ctx: JobCtx, operation: Operation, mutation: Mutation<Input>): Promise<Operation> {
  const ended = await (operation.state === 'QUEUED'
    ? mutation.execute(ctx, operation)
    : mutation.resume(ctx, operation));
  const { control } = ctx.job;
  if (ended.state !== 'PAUSED' || control.checkpoint() !== 'cancel') return ended;
  await ctx.store.operations.noteRequest(ended.id, cancelRequestJson(control.askedBy));
  return mutation.resume(ctx, ended);
}
