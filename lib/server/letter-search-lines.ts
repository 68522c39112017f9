import 'server-only';
import type { LetterSearchQuery } from '@/lib/contract/letter-search';
import { recordBodyRead } from '@/lib/domain/audit/record';
import type { Ctx } from '@/lib/domain/ctx';
import { DomainError } from '@/lib/domain/errors';
import { openSearch } from '@/lib/domain/letter-search/search';
import { areLettersUnderRule } from '@/lib/domain/masking/mask';
import { memoryOf } from '@/lib/domain/memory-of';
import { log } from './log';

/** Longest search; another one goes on where it ended. */
const SEARCH_MS = 120_000;
/** A reader that has stopped reading is given so long after that. */
const GRACE_MS = 10_000;
/** Of one cluster: each holds bodies in memory and keeps brokers busy. */
const AT_ONCE = 3;
/** Of one person, so that another can always search too. */
const AT_ONCE_PER_PERSON = 2;

/** A search as lines of JSON; it stops when nobody reads them any more. UNAVAILABLE while as many run as may. */
export async function letterSearchLines(ctx: Ctx, query: LetterSearchQuery): Promise<ReadableStream<Uint8Array>> {
  const all = memoryOf(ctx.client, 'letter-searches', () => new Map<symbol, string>());
  if (all.size >= AT_ONCE) throw new DomainError('UNAVAILABLE', 'searches_busy', { max: AT_ONCE });
  const own = [...all.values()].filter((id) => id === ctx.actor.id).length;
  if (own >= AT_ONCE_PER_PERSON)
    throw new DomainError('TOO_MANY', 'own_searches_busy', { max: AT_ONCE_PER_PERSON, retryAfterS: 5 });
  const me = Symbol(query.group);
  all.set(me, ctx.actor.id);
  try {
    const start = await openSearch(ctx, query);
    // Of any number of them, an excerpt each.
    if (query.in !== 'property')
      await recordBodyRead(ctx, {
        topic: `%DLQ%${query.group}`,
        isMasked: await areLettersUnderRule(ctx, query.group),
      });
    return linesOf(ctx, start, () => all.delete(me));
  } catch (error) {
    all.delete(me);
    throw error;
  }
}

function linesOf(
  ctx: Ctx,
  start: Awaited<ReturnType<typeof openSearch>>,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const stop = new AbortController();
  const events = start({
    signal: AbortSignal.any([ctx.signal, stop.signal]),
    deadlineAt: ctx.now() + SEARCH_MS,
  });
  const end = () => {
    clearTimeout(timer);
    ctx.signal.removeEventListener('abort', end);
    stop.abort();
    void events.return();
    onEnd();
  };
  const timer = setTimeout(end, SEARCH_MS + GRACE_MS);
  timer.unref();
  ctx.signal.addEventListener('abort', end, { once: true });
  if (ctx.signal.aborted) end();
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { value, done } = await events.next();
          if (stop.signal.aborted) return controller.close();
          if (value) controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
          if (!done && !value.ended) return;
          end();
          controller.close();
        } catch (error) {
          if (stop.signal.aborted) return;
          end();
          log.warn({ err: error, requestId: ctx.requestId }, 'a search ended early');
          controller.error(error);
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
