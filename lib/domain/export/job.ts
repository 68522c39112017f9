import type { z } from 'zod';
import type { ExportPlan, exportPlanInput } from '@/lib/contract/plans';
import type { ExportFormat } from '@/lib/contract/words';
import { StoreError } from '@/lib/store/errors';
import type { Ctx } from '../ctx';
import { jobOf } from '../jobs/control';
import { defineJob } from '../jobs/job-spec';
import { parseRecordId } from '../messages/record-id';
import { viewRecord } from '../messages/view-record';
import { type MutationSpec, mutation, type Outcome } from '../mutation';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { type Archive, removeArchive, writeArchive } from './archive';
import type { ArchivedLetter, ArchiveFormat } from './archive-format';
import { CSV } from './csv-format';
import { listName, readFiltered } from './frozen-list';
import { JSONL } from './jsonl-format';
import { fileName, fileOf } from './kept-file';
import { maskedLetters } from './masked-letters';
import { type ExportWhat, type FilteredLetters, planExport, recheckExport } from './plan';
import { exportedSoFar, Stopped, tellProgress } from './progress';
import { readRanges } from './read-all';
import { removeWhole } from './whole-file';
import { withStates } from './with-states';

export interface ExportInput {
  group: string;
  what: ExportWhat;
  /** Missing in jobs of older versions: `jsonl`. */
  format?: ExportFormat;
}

const FORMATS: Record<ExportFormat, ArchiveFormat> = { jsonl: JSONL, csv: CSV };

/** Begins anew after a restart: it only reads, and half a file is worth nothing. */
const run: MutationSpec<ExportInput>['run'] = async (ctx, operation): Promise<Outcome> => {
  const { group, what } = operation.input;
  const { control, exportsDir } = jobOf(ctx);
  const format = FORMATS[operation.input.format ?? 'jsonl'];
  const name = fileName('dlq', group, operation.id, format.ending);
  const total = countOf(what);
  const removeList = () => removeWhole(exportsDir, listName(name));
  const stopped = async (act: Stopped['act']): Promise<Outcome> => {
    if (act === 'pause') return control.paused({ PENDING: total });
    await removeList();
    // What a kill left of it.
    await removeArchive(exportsDir, name);
    return control.cancelled({ SKIPPED_BY_CANCEL: total });
  };
  const asked = control.checkpoint();
  if (asked !== 'go') return stopped(asked);

  let archive: Archive;
  let listed = 0;
  try {
    const found = readWhat(ctx, operation.input, name, (count) => {
      listed += count;
    });
    const left = what.masks ? maskedLetters(found, what.masks, group) : found;
    const letters = format === CSV ? withStates(ctx, group, left) : left;
    const told = tellProgress(ctx, operation, letters, total);
    archive = await writeArchive(exportsDir, name, told, format);
  } catch (error) {
    if (error instanceof Stopped) return stopped(error.act);
    if (!(error instanceof StoreError)) await removeList();
    throw error;
  }
  await removeList();
  const { changed, gone } =
    'filtered' in what
      ? await missingOf(ctx, what.filtered, listed, archive.count)
      : { changed: 0, gone: Math.max(0, total - archive.count) };
  const counts = {
    EXPORTED: archive.count,
    ...(gone > 0 && { EXPIRED: gone }),
    ...(changed > 0 && { SKIPPED: changed }),
  };
  const result = { file: fileOf(ctx, archive) };
  if (gone === 0) return { state: 'DONE', counts, result };
  return { state: 'PARTIAL', counts, result, error: { key: 'letters_gone', params: { count: gone } } };
};

/** Planned and not in the file: gone from the cluster, or no longer let through when the job began. */
async function missingOf(
  ctx: Ctx,
  { filter, count, asOf }: FilteredLetters,
  listed: number,
  written: number,
): Promise<{ gone: number; changed: number }> {
  const unlisted = Math.max(0, count - listed);
  const gone = unlisted === 0 ? 0 : Math.min(unlisted, await ctx.store.letters.countGone(filter.groupId, filter, asOf));
  return { gone: listed - written + gone, changed: unlisted - gone };
}

const EXPORT = mutation<ExportInput>({
  name: 'dead-letters.export',
  kind: 'export',
  permission: 'message:body:read',
  resource: ({ group }) => ({ type: 'group', name: group, group: null }),
  run,
  resume: run,
});

function countOf(what: ExportWhat): number {
  if ('ids' in what) return what.ids.length;
  return 'filtered' in what ? what.filtered.count : what.ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}

function readWhat(ctx: Ctx, { group, what }: ExportInput, name: string, onListed: (count: number) => void) {
  if ('ids' in what) return readSingle(ctx, group, what.ids);
  return 'ranges' in what
    ? readRanges(ctx, group, what.ranges)
    : readFiltered(ctx, group, what.filtered.filter, name, onListed);
}

/** Letters by id; those that are gone are left out. */
async function* readSingle(ctx: Ctx, group: string, ids: readonly string[]): AsyncGenerator<ArchivedLetter> {
  for (const id of ids) {
    const place = parseRecordId(id);
    const record = place && (await viewRecord(ctx, place));
    if (place && record?.topic === DLQ_PREFIX + group) yield { broker: place.broker, record };
  }
}

/** Letters as a file with its hash. Changes nothing on the cluster. */
export const EXPORT_JOB = defineJob<z.output<typeof exportPlanInput>, ExportPlan, ExportWhat, ExportInput>({
  kind: 'export',
  mutation: EXPORT,
  locksGroup: false,
  canPause: false,
  canCancel: true,
  closesByRun: true,
  makePlan: planExport,
  recheck: (ctx, { group }, what) => recheckExport(ctx, group, what),
  toInput: ({ group, format }, what) => ({ group, what, format: format ?? 'jsonl' }),
  exported: exportedSoFar,
});
