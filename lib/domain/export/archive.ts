import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';

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
export interface Archive {
  name: string;
  bytes: number;
  /** Of the file as it lies there. */
  sha256: string;
  count: number;
  queues: ArchivedQueue[];
}
export interface ArchivedLetter {
  broker: string;
  record: StoredMessage;
}

/** One line of an archive: all of the record, the body as stored (maybe compressed, see `sysFlag`) in base64. */
export const lineOf = ({ broker, record }: ArchivedLetter): string => {
  const { storedBody, properties, ...rest } = record;
  return JSON.stringify({ broker, ...rest, properties: { ...properties }, body: storedBody.toString('base64') });
};

/**
 * Writes letters as gzipped JSON lines, with a manifest beside it, both synced to disk; then reads the file again and
 * compares. Throws when what was read differs from what was written: such an archive proves nothing.
 */
export async function writeArchive(
  dir: string,
  name: string,
  letters: AsyncIterable<ArchivedLetter>,
): Promise<Archive> {
  const file = path.join(dir, name);
  const queues = new Map<string, ArchivedQueue>();
  const part = `${file}.part`;
  await pipeline(linesOf(letters, queues), createGzip(), createWriteStream(part, { mode: 0o600 }));
  await syncFile(part);
  await rename(part, file);
  const written: Archive = {
    name,
    bytes: (await stat(file)).size,
    sha256: await sha256Of(file),
    count: [...queues.values()].reduce((sum, queue) => sum + queue.count, 0),
    queues: [...queues.values()],
  };
  await writeFile(`${file}.manifest.json`, `${JSON.stringify(written, null, 2)}\n`, { mode: 0o600 });
  await syncFile(`${file}.manifest.json`);
  await syncFolder(dir);
  await verifyArchive(dir, written);
  return written;
}

async function* linesOf(letters: AsyncIterable<ArchivedLetter>, queues: Map<string, ArchivedQueue>) {
  for await (const letter of letters) {
    count(queues, letter.broker, letter.record);
    yield `${lineOf(letter)}\n`;
  }
}

type Place = Pick<StoredMessage, 'queueId' | 'queueOffset' | 'physicalOffset'>;

function count(
  queues: Map<string, ArchivedQueue>,
  broker: string,
  { queueId, queueOffset, physicalOffset }: Place,
): void {
  const key = `${broker} ${queueId}`;
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
export async function verifyArchive(dir: string, archive: Archive): Promise<void> {
  const file = path.join(dir, archive.name);
  const sha256 = await sha256Of(file);
  if (sha256 !== archive.sha256) throw new Error(`${archive.name} has sha256 ${sha256}, not ${archive.sha256}`);
  const queues = new Map<string, ArchivedQueue>();
  const lines = createInterface({
    input: createReadStream(file).pipe(createGunzip()),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    const { broker, body, ...place } = JSON.parse(line) as Place & { broker: string; body: string };
    if (typeof body !== 'string') throw new Error(`${archive.name} holds a record without a body`);
    count(queues, broker, place);
  }
  const read = JSON.stringify([...queues.values()]);
  if (read !== JSON.stringify(archive.queues)) throw new Error(`${archive.name} reads back as ${read.slice(0, 500)}`);
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The name of a new file is durable only when its folder is. Not every system lets a folder be synced. */
async function syncFolder(dir: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(dir, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle?.close();
  }
}
