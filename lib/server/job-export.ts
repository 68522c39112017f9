import 'server-only';
import { existsSync } from 'node:fs';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { recordAudit } from '@/lib/domain/audit/record';
import type { Ctx } from '@/lib/domain/ctx';
import { DomainError } from '@/lib/domain/errors';
import type { ExportInput } from '@/lib/domain/export/job';
import { FILE_KEPT_MS } from '@/lib/domain/export/kept-file';
import { groupOf } from '@/lib/domain/jobs/group-of';
import { resultOf } from '@/lib/domain/jobs/job-spec';
import { hiddenInFile } from '@/lib/domain/masking/hidden';
import { rulesFor } from '@/lib/domain/masking/mask';
import { requirePermission } from '@/lib/domain/permission';
import type { Operation } from '@/lib/store/operations';
import { exportsDirOf } from './job-runner';

const DOWNLOAD = 'jobs.export.download';

/** FORBIDDEN where the file holds what is hidden from the actor; a redrive's report holds nothing of what can be. */
export async function requireReadable(ctx: Ctx, operation: Operation): Promise<void> {
  const group = groupOf(operation);
  requirePermission(ctx, 'message:body:read', { group });
  if (operation.kind === 'redrive') return;
  const { what } = JSON.parse(operation.inputJson) as Partial<ExportInput>;
  const applied = new Set(what?.masks?.map((rule) => JSON.stringify(rule)));
  const missing = rulesFor(ctx, { group }).filter((rule) => !applied.has(JSON.stringify(rule)));
  if (missing.length > 0) throw hiddenInFile(missing);
}

/** The file a job wrote; that it was taken stands in the audit trail before the first byte leaves. NOT_FOUND `no_export` when it wrote none, `export_gone` when it is no longer kept. */
export async function openExport(
  ctx: Ctx,
  operation: Operation,
  dataDir: string,
): Promise<{ name: string; body: ReadableStream<Uint8Array> }> {
  const { file } = resultOf(operation);
  if (!file) throw new DomainError('NOT_FOUND', 'no_export', { operation: operation.id });
  if (ctx.now() > file.expiresAt) throw gone(operation);
  let handle: FileHandle;
  try {
    handle = await open(path.join(exportsDirOf(dataDir), path.basename(file.name)), 'r');
  } catch {
    throw gone(operation);
  }
  const counts = { letters: file.count };
  try {
    await recordAudit(ctx, { action: DOWNLOAD, resource: { type: 'job', name: operation.id }, operation, counts });
  } catch (error) {
    await handle.close();
    throw error;
  }
  return { name: file.name, body: Readable.toWeb(handle.createReadStream()) as ReadableStream<Uint8Array> };
}

/** Removes the files that are no longer kept; resolves to their names. */
export async function removeExpiredExports(dataDir: string, now: number): Promise<string[]> {
  const folder = exportsDirOf(dataDir);
  const removed: string[] = [];
  // Nothing has been exported yet: there is no folder.
  for (const name of existsSync(folder) ? await readdir(folder) : []) {
    // What is being written has another name once it is whole.
    const written = await stat(path.join(folder, name)).catch(() => null);
    if (!written || written.mtimeMs + FILE_KEPT_MS > now) continue;
    await rm(path.join(folder, name), { force: true });
    removed.push(name);
  }
  return removed;
}

const gone = (operation: Operation) => new DomainError('NOT_FOUND', 'export_gone', { operation: operation.id });
