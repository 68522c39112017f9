import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { jobOf } from '../jobs/control';
import type { Outcome, RunningOperation } from '../mutation';
import type { HandleInput } from './input';
import { byFilter, type Commit, type Cursor, markAll, reopenAll } from './pages';

export type MarkKind = 'handle' | 'reopen';
type Kept = Cursor & { done: number };

/**
 * Sets or takes back marks, page by page: each is one commit together with how far it has come, so that a job that is
 * cancelled, paused or killed knows what it did, and goes on from there.
 */
export async function runMarks(ctx: Ctx, operation: RunningOperation<HandleInput>, kind: MarkKind): Promise<Outcome> {
  const { control } = jobOf(ctx);
  const { group, count, what } = operation.input;
  const { id, epoch, cluster, createdByName: by } = operation;
  const mark = { cluster, group, operationId: id, by, at: ctx.now() };
  const word = kind === 'handle' ? 'HANDLED' : 'REOPENED';
  let kept: Kept = operation.policyJson === null ? { done: 0 } : JSON.parse(operation.policyJson);
  const counts = (rest: string) => {
    const left = Math.max(0, count - kept.done);
    return { [word]: kept.done, ...(left > 0 && { [rest]: left }) };
  };
  const stopped = (act: 'pause' | 'cancel') =>
    act === 'cancel' ? control.cancelled(counts('SKIPPED_BY_CANCEL')) : control.paused(counts('PENDING'));

  const asked = control.checkpoint();
  if (asked !== 'go') return stopped(asked);
  if ('letters' in what) {
    await ctx.store.transaction(({ handled }) =>
      kind === 'handle' ? handled.mark(mark, what.letters) : handled.reopen(mark, what.letters),
    );
    return { state: 'DONE', counts: { [word]: count } };
  }

  const commit: Commit = async (work, next) => {
    const before = kept.done;
    await ctx.store.transaction(async (tables) => {
      const made: Kept = { ...next, done: before + (await work(tables)) };
      const was = kept;
      kept = made;
      const patch = {
        heartbeatAt: ctx.now(),
        policyJson: JSON.stringify(made),
        countsJson: JSON.stringify(counts('PENDING')),
      };
      if (await tables.operations.updateAs(id, epoch, patch)) return;
      kept = was;
      throw new DomainError('CONFLICT', 'operation_taken', { operation: id });
    });
    control.sent(kept.done - before);
  };
  for await (const _ of pagesOf()) {
    const act = control.checkpoint();
    if (act !== 'go') return stopped(act);
  }
  // Letters that are not in the ledger lie below the mark of all as well.
  if ('all' in what) kept = { done: count };
  return { state: 'DONE', counts: counts('SKIPPED') };

  function pagesOf(): AsyncGenerator<void> {
    if ('filter' in what) {
      const { filter, newest } = what;
      return byFilter(ctx, filter, kept, commit, ({ handled }, stretch) =>
        kind === 'handle'
          ? handled.markStretch(mark, filter, stretch)
          : handled.reopenStretch(mark, filter, stretch, newest.single),
      );
    }
    if (!('all' in what)) throw new Error('single letters have no pages');
    return kind === 'handle'
      ? markAll(ctx, mark, what.all, kept, commit)
      : reopenAll(ctx, mark, { newest: what.newest }, commit);
  }
}
