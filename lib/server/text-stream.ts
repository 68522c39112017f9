import 'server-only';
import type { Ctx } from '@/lib/domain/ctx';
import { log } from './log';

/** What is written piece by piece, as fast as somebody reads it; it ends when nobody does any more. */
export function textStream(ctx: Pick<Ctx, 'requestId'>, text: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value, done } = await text.next();
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          log.warn({ err: error, requestId: ctx.requestId }, 'a stream ended early');
          controller.error(error);
        }
      },
      async cancel() {
        await text.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
