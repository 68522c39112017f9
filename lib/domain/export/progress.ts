import type { JobDetail } from '@/lib/contract/jobs';
import type { Operation } from '@/lib/store/operations';
import { isActive } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import { jobOf } from '../jobs/control';
import type { RunningOperation } from '../mutation';
import type { ArchivedLetter } from './archive-format';

/** Somebody asked the job to end before its file was complete. */
export class Stopped extends Error {
  constructor(readonly act: 'pause' | 'cancel') {
    super(act);
  }
}

const TELL_EVERY_MS = 500;

/** Passes letters on and says how many of all went by, with those that did `before`. Throws {@link Stopped} when the job is asked to end. */
export async function* tellProgress(
  ctx: Ctx,
  operation: Pick<RunningOperation<unknown>, 'heartbeat'>,
  letters: AsyncIterable<ArchivedLetter>,
  total: number,
  before = 0,
): AsyncGenerator<ArchivedLetter> {
  const { control } = jobOf(ctx);
  let written = before;
  let told = before;
  let nextAt = 0;
  const tell = async () => {
    control.sent(written - told);
    told = written;
    nextAt = ctx.now() + TELL_EVERY_MS;
    await operation.heartbeat({ EXPORTED: written, PENDING: Math.max(0, total - written) });
  };
  await tell();
  for await (const letter of letters) {
    const act = control.checkpoint();
    if (act !== 'go') throw new Stopped(act);
    yield letter;
    written += 1;
    if (ctx.now() >= nextAt) await tell();
  }
  const act = control.checkpoint();
  if (act !== 'go') throw new Stopped(act);
  await tell();
}

/** What {@link tellProgress} told, while the job is at it. */
export function exportedSoFar({ state, countsJson }: Operation): JobDetail['exported'] {
  if (!isActive(state) || countsJson === null) return null;
  const { EXPORTED: written, PENDING: left } = JSON.parse(countsJson) as Record<string, number>;
  return written === undefined ? null : { written, of: written + (left ?? 0) };
}
