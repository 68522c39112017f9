import path from 'node:path';
import type { Ctx } from '../ctx';
import { fileName, fileOf } from '../export/kept-file';
import { readBack, removeWhole, writeWhole } from '../export/whole-file';
import { jobOf } from '../jobs/control';
import type { JobResult } from '../jobs/job-spec';
import type { Outcome, RunningOperation } from '../mutation';
import type { RedriveInput } from './input';
import { jobItems } from './items';

type Redrive = RunningOperation<RedriveInput>;

/** Letters that are read and written in one go. */
const AT_ONCE = 500;

/**
 * What a redrive that has ended did, as a file: a line with the job, then one per letter with its evidence, as they stand in
 * the journal now; letters whose turn never came are only counted in the first. Its hash goes with the outcome into the
 * audit trail (safety §5.5): what consumers do later changes the journal, but not this. A file that cannot be written changes
 * nothing of what was done; the result says why it is missing.
 */
export async function withReport(ctx: Ctx, operation: Redrive, outcome: Outcome): Promise<Outcome> {
  if (outcome.state === 'PAUSED') return outcome;
  const { exportsDir } = jobOf(ctx);
  const name = fileName('redrive', operation.input.group, operation.id, '.jsonl.gz');
  let result: JobResult;
  try {
    const written = { count: 0 };
    await writeWhole(path.join(exportsDir, name), linesOf(ctx, operation, outcome, written), true);
    result = { file: fileOf(ctx, { ...(await readBack(exportsDir, name)), ...written }) };
  } catch (error) {
    await removeWhole(exportsDir, name);
    ctx.log.warn({ operation: operation.id, err: error }, 'report of a redrive could not be written');
    const { code, message } = error as NodeJS.ErrnoException;
    result = { fileProblem: code ?? message.slice(0, 500) };
  }
  return { ...outcome, result };
}

async function* linesOf(ctx: Ctx, operation: Redrive, outcome: Outcome, written: { count: number }) {
  const { id, kind, cluster, input, createdByName: actor, reason, createdAt, startedAt } = operation;
  const { state, counts: outcomes, error: note = null } = outcome;
  const job = { id, kind, cluster, group: input.group, target: input.target, actor, reason, createdAt, startedAt };
  yield `${JSON.stringify({ job: { ...job, state, outcomes, note, asOf: ctx.now() } })}\n`;
  for (let afterN = -1; ; ) {
    const items = await ctx.store.items.page(id, { afterN, limit: AT_ONCE });
    const last = items.at(-1);
    if (!last) return;
    const letters = await jobItems(ctx.store, id, items);
    written.count += letters.length;
    yield letters.map(({ link, ...letter }) => `${JSON.stringify(letter)}\n`).join('');
    afterN = last.n;
  }
}
