import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

export interface WholeFile {
  name: string;
  bytes: number;
  /** Of the file as it lies there. */
  sha256: string;
}

/** Writes a file that is there whole or not at all, synced to disk with its name. */
export async function writeWhole(file: string, text: AsyncIterable<string>, isCompressed = false): Promise<void> {
  const part = partOf(file);
  try {
    const out = createWriteStream(part, { mode: 0o600 });
    await (isCompressed ? pipeline(text, createGzip(), out) : pipeline(text, out));
    await syncFile(part);
    await rename(part, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Leaves nothing of a file, nor of what a kill left of it while it was written. */
export async function removeWhole(dir: string, name: string): Promise<void> {
  const file = path.join(dir, name);
  for (const each of [partOf(file), file]) await rm(each, { force: true });
}

/** What is being written until it is whole. */
const partOf = (file: string): string => `${file}.part`;

/** Its size and hash, read from disk. */
export async function readBack(dir: string, name: string): Promise<WholeFile> {
  const file = path.join(dir, name);
  return { name, bytes: (await stat(file)).size, sha256: await sha256Of(file) };
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The name of a new file is durable only when its folder is. Not every system lets a folder be synced. */
export async function syncFolder(dir: string): Promise<void> {
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
