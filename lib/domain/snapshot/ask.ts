import { setMaxListeners } from 'node:events';
import type { RequestDefinition } from '@/lib/rocketmq/define-request';
import type { Ctx } from '../ctx';

/** One master during one sweep: deadline and cancellation are set, and requests are counted. */
export interface Asker {
  readonly broker: string;
  ask<Input, Output>(request: RequestDefinition<Input, Output>, input: Input): Promise<Output>;
  readonly requests: number;
}

export function askerOf(ctx: Pick<Ctx, 'client' | 'signal'>, broker: string, deadlineAt: number): Asker {
  let requests = 0;
  // Every request in flight listens to it.
  setMaxListeners(0, ctx.signal);
  return {
    broker,
    ask(request, input) {
      requests += 1;
      return ctx.client.call(request, input, { broker, deadlineAt, signal: ctx.signal });
    },
    get requests() {
      return requests;
    },
  };
}
