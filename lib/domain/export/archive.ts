import { createReadStream, createWriteStream } from 'node:fs';
import { rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { ArchivedLetter, ArchivedPlace, ArchiveFormat } from './archive-format';
import { JSONL } from './jsonl-format';
import { readBack, removeWhole, sha256Of, syncFile, syncFolder, type WholeFile, writeWhole } from './whole-file';

/** What one queue contributed. */
export interface ArchivedQueue {
  broker: string;
  queueId: number;
  count: number;
  firstQueueOffset: number;
  lastQueueOffset: number;
  firstPhysicalOffset: number;
  lastPhysicalOffset: number;
}
export interface Archive extends WholeFile {
  count: number;
  queues: ArchivedQueue[];
}
/**
 * Writes letters as a file, with a manifest beside it, both synced to disk; then reads the file again and compares. Throws
 * when what was read differs from what was written: such an archive proves nothing. Letters that stop with an error leave
 * no file behind.
 */
export async function writeArchive(
  dir: string,
  name: string,
  letters: AsyncIterable<ArchivedLetter>,
  format: ArchiveFormat = JSONL,
): Promise<Archive> {
  const queues = new Map<string, ArchivedQueue>();
  await writeWhole(path.join(dir, name), linesOf(letters, queues, format), format.isCompressed);
  const written = await withManifest(dir, name, queues);
  await verifyArchive(dir, written, format);
  return written;
}

/**
 * The archive with letters that follow those in it. They are compressed for themselves, which gzip allows, and they alone are
 * read again. When they stop with an error, or read back as others, the file is as it was before.
 */
export async function extendArchive(
  dir: string,
  archive: Archive,
  letters: AsyncIterable<ArchivedLetter>,
): Promise<Archive> {
  const file = path.join(dir, archive.name);
  const tail = new Map<string, ArchivedQueue>();
  try {
    await pipeline(linesOf(letters, tail, JSONL), createGzip(), createWriteStream(file, { flags: 'a' }));
    await syncFile(file);
    await compareWith([...tail.values()], file, JSONL, archive.bytes);
  } catch (error) {
    await truncate(file, archive.bytes);
    throw error;
  }
  const queues = new Map(archive.queues.map((queue) => [keyOf(queue), queue]));
  for (const [key, added] of tail) {
    const { firstQueueOffset, firstPhysicalOffset, count } = queues.get(key) ?? { ...added, count: 0 };
    queues.set(key, { ...added, firstQueueOffset, firstPhysicalOffset, count: count + added.count });
  }
  return withManifest(dir, archive.name, queues);
}

async function withManifest(dir: string, name: string, queues: ReadonlyMap<string, ArchivedQueue>): Promise<Archive> {
  const file = path.join(dir, name);
  const written: Archive = {
    ...(await readBack(dir, name)),
    count: [...queues.values()].reduce((sum, queue) => sum + queue.count, 0),
    queues: [...queues.values()],
  };
  await writeFile(manifestOf(file), `${JSON.stringify(written, null, 2)}\n`, { mode: 0o600 });
  await syncFile(manifestOf(file));
  await syncFolder(dir);
  return written;
}

const manifestOf = (file: string) => `${file}.manifest.json`;

/** Leaves nothing of a file that {@link writeArchive} has begun, or of what a kill left of it. */
export async function removeArchive(dir: string, name: string): Promise<void> {
  await rm(manifestOf(path.join(dir, name)), { force: true });
  await removeWhole(dir, name);
}

async function* linesOf(
  letters: AsyncIterable<ArchivedLetter>,
  queues: Map<string, ArchivedQueue>,
  format: ArchiveFormat,
) {
  yield format.head;
  for await (const letter of letters) {
    count(queues, { broker: letter.broker, ...letter.record });
    yield format.lineOf(letter);
  }
}

const keyOf = ({ broker, queueId }: Pick<ArchivedPlace, 'broker' | 'queueId'>) => `${broker} ${queueId}`;

function count(
  queues: Map<string, ArchivedQueue>,
  { broker, queueId, queueOffset, physicalOffset }: ArchivedPlace,
): void {
  const key = keyOf({ broker, queueId });
  const queue = queues.get(key);
  queues.set(key, {
    broker,
    queueId,
    count: (queue?.count ?? 0) + 1,
    firstQueueOffset: queue?.firstQueueOffset ?? queueOffset,
    lastQueueOffset: queueOffset,
    firstPhysicalOffset: queue?.firstPhysicalOffset ?? physicalOffset,
    lastPhysicalOffset: physicalOffset,
  });
}

/** Reads an archive from disk again: its hash, its count, and the first and last record of every queue. */
export async function verifyArchive(dir: string, archive: Archive, format: ArchiveFormat = JSONL): Promise<void> {
  const file = path.join(dir, archive.name);
  const sha256 = await sha256Of(file);
  if (sha256 !== archive.sha256) throw new Error(`${archive.name} has sha256 ${sha256}, not ${archive.sha256}`);
  await compareWith(archive.queues, file, format);
}

async function compareWith(
  written: readonly ArchivedQueue[],
  file: string,
  format: ArchiveFormat,
  start = 0,
): Promise<void> {
  const queues = new Map<string, ArchivedQueue>();
  const bytes = createReadStream(file, { start });
  const text = format.isCompressed ? bytes.pipe(createGunzip()) : bytes;
  for await (const place of format.places(text.setEncoding('utf8'))) count(queues, place);
  const read = JSON.stringify([...queues.values()]);
  if (read !== JSON.stringify(written)) throw new Error(`${path.basename(file)} reads back as ${read.slice(0, 500)}`);
}
