import 'server-only';
import type { JobEvent, JobSummary, RedriveProgress } from '@/lib/contract/jobs';
import type { Ctx } from '@/lib/domain/ctx';
import { findJob } from '@/lib/domain/jobs/find';
import { jobSpec } from '@/lib/domain/jobs/kinds';
import { summarise } from '@/lib/domain/jobs/summarise';
import { isActive } from '@/lib/store/schema';
import { log } from './log';
import { runtime } from './runtime';

const TICK_MS = 500;
const COMMENT_MS = 15_000;

/** `job` events, at most two a second; ends when the job has ended. */
export function jobEvents(ctx: Ctx, id: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let last = '';
  let lastWriteAt = 0;
  let close = () => {};

  return new ReadableStream({
    start(controller) {
      const write = (text: string) => {
        lastWriteAt = Date.now();
        controller.enqueue(encoder.encode(text));
      };
      close = () => {
        if (isClosed) return;
        isClosed = true;
        clearTimeout(timer);
        ctx.signal.removeEventListener('abort', close);
        try {
          controller.close();
        } catch {
          // The reader was faster.
        }
      };
      const tick = async () => {
        const operation = await findJob(ctx, id);
        const job = await summarise(ctx.store, operation);
        if (isClosed) return;
        const { progress, exported } = jobSpec(operation.kind);
        const event = eventOf(job, progress?.(operation) ?? null, exported?.(operation) ?? null);
        const text = JSON.stringify(event);
        if (text !== last) write(`event: job\ndata: ${JSON.stringify({ ...event, asOf: Date.now() })}\n\n`);
        else if (Date.now() - lastWriteAt > COMMENT_MS) write(': still here\n\n');
        last = text;
        if (!isActive(job.state)) return close();
        timer = setTimeout(step, TICK_MS);
      };
      const step = () => {
        tick().catch((error) => {
          log.warn({ err: error, operation: id }, 'job events ended early');
          close();
        });
      };
      ctx.signal.addEventListener('abort', close, { once: true });
      if (ctx.signal.aborted) close();
      else step();
    },
    cancel: () => close(),
  });
}

const eventOf = (
  { id, state, outcomes, total, note, endedAt }: JobSummary,
  progress: RedriveProgress | null,
  exported: JobEvent['exported'],
): Omit<JobEvent, 'asOf'> => ({
  id,
  state,
  outcomes,
  total,
  note,
  endedAt,
  progress,
  exported,
  rate: runtime().jobs.control(id)?.ratePerSecond() ?? null,
});
