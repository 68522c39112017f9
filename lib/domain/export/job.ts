import type { z } from 'zod';
import type { ExportPlan, exportPlanInput } from '@/lib/contract/plans';
import type { ExportFormat } from '@/lib/contract/words';
import type { Ctx } from '../ctx';
import { readLetterQueues } from '../dead-letters/queues';
import { DomainError } from '../errors';
import { requireGroupOrLetters } from '../groups/find';
import { jobOf } from '../jobs/control';
import { defineJob, type PlanDraft } from '../jobs/job-spec';
import { parseRecordId } from '../messages/record-id';
import { viewRecord } from '../messages/view-record';
import { type MutationSpec, mutation, type Outcome } from '../mutation';
import { letterId, readSelection } from '../redrive/selection';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { type Archive, writeArchive } from './archive';
import type { ArchivedLetter, ArchiveFormat } from './archive-format';
import { CSV } from './csv-format';
import { JSONL } from './jsonl-format';
import { Stopped, tellProgress } from './progress';
import { type QueueRange, readRanges } from './read-all';
import { withStates } from './with-states';

export interface ExportInput {
  group: string;
  /** Everything as of the plan, or single letters. */
  what: { ranges: QueueRange[] } | { ids: string[] };
  /** Missing in jobs of older versions: `jsonl`. */
  format?: ExportFormat;
}

const FORMATS: Record<ExportFormat, ArchiveFormat> = { jsonl: JSONL, csv: CSV };

export const EXPORT_KEPT_MS = 30 * 24 * 3_600_000;

/** A file name that is the same on every system; the group's own name stands in each record. */
export const archiveName = (group: string, operationId: string, { ending } = JSONL): string =>
  `dlq-${group.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 80)}-${operationId}${ending}`;

export const fileOf = (ctx: Ctx, { name, bytes, sha256, count }: Omit<Archive, 'queues'>) => ({
  name,
  bytes,
  sha256,
  count,
  expiresAt: ctx.now() + EXPORT_KEPT_MS,
});

/** Begins anew after a restart: it only reads, and half a file is worth nothing. */
const run: MutationSpec<ExportInput>['run'] = async (ctx, operation): Promise<Outcome> => {
  const { group, what } = operation.input;
  const { control, exportsDir } = jobOf(ctx);
  const format = FORMATS[operation.input.format ?? 'jsonl'];
  const total = countOf(what);
  const found = 'ranges' in what ? readRanges(ctx, group, what.ranges) : readSingle(ctx, group, what.ids);
  const letters = format === CSV ? withStates(ctx, group, found) : found;
  let archive: Archive;
  try {
    const told = tellProgress(ctx, operation, letters, total);
    archive = await writeArchive(exportsDir, archiveName(group, operation.id, format), told, format);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return error.act === 'cancel'
      ? control.cancelled({ SKIPPED_BY_CANCEL: total })
      : control.paused({ PENDING: total });
  }
  const gone = Math.max(0, total - archive.count);
  const counts = { EXPORTED: archive.count, ...(gone > 0 && { EXPIRED: gone }) };
  const result = { file: fileOf(ctx, archive) };
  if (gone === 0) return { state: 'DONE', counts, result };
  return { state: 'PARTIAL', counts, result, error: { key: 'letters_gone', params: { count: gone } } };
};

const EXPORT = mutation<ExportInput>({
  name: 'dead-letters.export',
  kind: 'export',
  permission: 'dead-letter:export',
  resource: ({ group }) => ({ type: 'group', name: group, group: null }),
  run,
  resume: run,
});

const countOf = (what: ExportInput['what']): number =>
  'ids' in what ? what.ids.length : what.ranges.reduce((sum, { from, to }) => sum + to - from, 0);

/** Letters by id; those that are gone are left out. */
async function* readSingle(ctx: Ctx, group: string, ids: readonly string[]): AsyncGenerator<ArchivedLetter> {
  for (const id of ids) {
    const place = parseRecordId(id);
    const record = place && (await viewRecord(ctx, place));
    if (place && record?.topic === DLQ_PREFIX + group) yield { broker: place.broker, record };
  }
}

async function planExport(
  ctx: Ctx,
  { group, select, format }: z.output<typeof exportPlanInput>,
): Promise<{ plan: PlanDraft<ExportPlan>; frozen: ExportInput['what'] }> {
  const base = { kind: 'export' as const, group, format, confirm: null, cluster: ctx.cluster, asOf: ctx.now() };
  if (!('all' in select)) {
    const { letters, failures } = await readSelection(ctx, group, select);
    const warnings = partialWarning(failures);
    const plan = { ...base, count: letters.length, warnings, failures, refused: nothingToDo(letters.length) };
    return { plan, frozen: { ids: letters.map(letterId) } };
  }
  await requireGroupOrLetters(ctx, group);
  const { queues, failures } = await readLetterQueues(ctx, group);
  const count = queues.reduce((sum, { minOffset, maxOffset }) => sum + maxOffset - minOffset, 0);
  const ranges = queues.map(({ broker, queueId, minOffset, maxOffset }) => ({
    broker,
    queueId,
    from: minOffset,
    to: maxOffset,
  }));
  return {
    plan: { ...base, count, warnings: partialWarning(failures), failures, refused: nothingToDo(count) },
    frozen: { ranges },
  };
}

export const nothingToDo = (count: number) => (count === 0 ? { key: 'nothing_selected', params: {} } : null);

export const partialWarning = (failures: readonly { broker: string }[]) =>
  failures.length === 0
    ? []
    : [
        {
          key: 'brokers_left_out',
          severity: 'warning' as const,
          params: { brokers: failures.map(({ broker }) => broker).join(', ') },
        },
      ];

/** Letters as a file with its hash. Changes nothing on the cluster. */
export const EXPORT_JOB = defineJob<z.output<typeof exportPlanInput>, ExportPlan, ExportInput['what'], ExportInput>({
  kind: 'export',
  mutation: EXPORT,
  locksGroup: false,
  canPause: false,
  canCancel: true,
  afterRestart: 'resume',
  makePlan: planExport,
  recheck: async (ctx, { group }, what) => {
    if ('ids' in what) return;
    const { queues } = await readLetterQueues(ctx, group);
    const isNew = what.ranges.some(({ broker, queueId, to }) =>
      queues.some((queue) => queue.broker === broker && queue.queueId === queueId && queue.maxOffset < to),
    );
    if (isNew) throw new DomainError('PLAN_STALE', 'letters_replaced', { group, count: 0 });
  },
  toInput: ({ group, format }, what) => ({ group, what, format: format ?? 'jsonl' }),
});
