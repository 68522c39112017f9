import { createReadStream } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { AuditVerdict } from './audit-chain';
import { openReader } from './open';

const USAGE = `Usage: npm run audit:verify [-- --dir data] [--head seq:hash]… [--log file]…
  --dir    the data directory; REDRIVE_DATA_DIR or ./data unless said
  --head   the number and hash of an entry as they were seen earlier
  --log    output of the console that was kept ("-": standard input): every hash in it is compared`;
const HEAD = /^([1-9]\d*):([0-9a-f]{64})$/;

/** Walks the chain of a data directory, as its words say: 0 whole, 1 broken, 2 not read; and the sentence for it. */
export async function verifyTrail(words: string[], dataDir = 'data'): Promise<{ code: number; said: string }> {
  try {
    return await walk(words, dataDir);
  } catch (error) {
    return { code: 2, said: `The audit trail was not read. ${error instanceof Error ? error.message : error}` };
  }
}

async function walk(words: string[], dataDir: string): Promise<{ code: number; said: string }> {
  const { values } = parseArgs({
    args: words,
    options: {
      dir: { type: 'string' },
      head: { type: 'string', multiple: true, default: [] },
      log: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { code: 0, said: USAGE };
  const known = new Map<number, string>();
  for (const text of values.head) {
    const [, seq, hash] = HEAD.exec(text.toLowerCase()) ?? [];
    if (!seq || !hash) throw new Error(`--head ${text} is not seq:hash with a hash of 64 hex digits.\n${USAGE}`);
    known.set(Number(seq), hash);
  }
  for (const file of values.log) await readLog(file, known);
  const store = await openReader(path.resolve(values.dir ?? dataDir));
  try {
    // What collectors were told; a store of an older console has no such table.
    const told = await store.audit.feed('stdout').catch(() => ({ seq: 0, hash: '' }));
    if (told.seq > 0 && !known.has(told.seq)) known.set(told.seq, told.hash);
    const verdict = await store.audit.verify(known);
    return { code: verdict.isIntact ? 0 : 1, said: sentence(verdict, known.size) };
  } finally {
    await store.close();
  }
}

/** Two kinds of lines hold hashes: the head that is written each minute, and the entries themselves. */
async function readLog(file: string, known: Map<number, string>): Promise<void> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!line.includes('"auditHash"') && !line.includes('"redrive.audit"')) continue;
    const { auditSeq, auditHash, event } = parsed(line);
    const [seq, hash] = event ? [event.sequence, event.hash] : [auditSeq, auditHash];
    if (typeof seq !== 'number' || seq < 1 || typeof hash !== 'string') continue;
    // The earliest word counts: who rewrote the chain may have had the console write a new head.
    if (!known.has(seq)) known.set(seq, hash);
  }
}

interface LogLine {
  auditSeq?: unknown;
  auditHash?: unknown;
  event?: { sequence?: unknown; hash?: unknown };
}

function parsed(line: string): LogLine {
  try {
    return JSON.parse(line.slice(line.indexOf('{'))) as LogLine;
  } catch {
    // A line that was cut.
    return {};
  }
}

function sentence(verdict: AuditVerdict, compared: number): string {
  if (verdict.isIntact)
    return `The audit trail is whole: ${verdict.rows} entries${verdict.rows > 0 ? `, head ${verdict.head.seq}:${verdict.head.hash}` : ''}; ${compared} compared with hashes seen earlier.`;
  const { rows, seq } = verdict;
  const before = `The ${rows} before ${rows === 1 ? 'it is' : 'it are'} in order.`;
  switch (verdict.problem) {
    case 'CHANGED':
      return `Entry ${seq} is not as it was written.`;
    case 'MISSING':
      return `Entry ${seq} is missing: it was removed. ${before}`;
    case 'TAIL_MISSING':
      return `Entry ${seq} and all after it are missing: the end of the trail was cut off. ${before}`;
    case 'REWRITTEN':
      return `The chain was made anew: ${verdict.since === seq ? `entry ${seq}` : `one of the entries from ${verdict.since} to ${seq}`} was changed, and what follows was hashed again. Entry ${seq} had another hash when it was seen earlier.`;
  }
}
