import 'server-only';
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditVerifyEvent } from '@/lib/contract/audit';
import { verifyChain } from '@/lib/domain/audit/chain';
import { chainOf } from '@/lib/domain/audit/row';
import type { Ctx } from '@/lib/domain/ctx';

const TOLD_EVERY_MS = 250;

/** A walk over the chain as lines of JSON; whoever leaves does not end it, since others may be waiting for it. */
export async function* chainProgress(ctx: Pick<Ctx, 'store' | 'now'>): AsyncGenerator<string> {
  const walk = verifyChain(ctx.store, ctx.now);
  const line = (ended: AuditVerifyEvent['ended']) => {
    const event: AuditVerifyEvent = { rows: walk.rows, total: walk.total, ended };
    return `${JSON.stringify(event)}\n`;
  };
  for (;;) {
    const tick = new AbortController();
    const verdict = await Promise.race([
      walk.ended,
      delay(TOLD_EVERY_MS, null, { signal: tick.signal, ref: false }),
    ]).finally(() => tick.abort());
    if (verdict) return yield line(chainOf({ at: ctx.now(), verdict }));
    yield line(null);
  }
}
