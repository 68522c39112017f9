import 'server-only';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Ctx } from '@/lib/domain/ctx';
import { DomainError } from '@/lib/domain/errors';
import { resultOf } from '@/lib/domain/jobs/job-spec';
import type { Operation } from '@/lib/store/operations';
import { exportsDirOf } from './job-runner';

/** The file a job wrote. NOT_FOUND `no_export` when it wrote none, `export_gone` when it is no longer kept. */
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
  return { name: file.name, body: Readable.toWeb(handle.createReadStream()) as ReadableStream<Uint8Array> };
}

const gone = (operation: Operation) => new DomainError('NOT_FOUND', 'export_gone', { operation: operation.id });
