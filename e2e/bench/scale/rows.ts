import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { isKnown } from '@/lib/contract/primitives';
import type { Snapshot } from '@/lib/domain/snapshot/snapshot';

/** `group topic broker queue` → `committed maximum`, and `group` → its lag with that of its retry topics. */
export interface Rows {
  offsets: Map<string, string>;
  totals: Map<string, string>;
  /** `topic broker queue` → `minimum maximum`. */
  ends: Map<string, string>;
}

/** Every offset of a picture, a line each, into a file: in memory it would be half of what is measured. */
export async function dumpRows({ groups, topics }: Snapshot, file: string): Promise<void> {
  const stream = createWriteStream(file);
  for (const group of groups.values()) {
    if (group.system) continue;
    let total = 0;
    for (const { topic, broker, queueId, committedOffset, maxOffset } of group.queues) {
      stream.write(`Q\t${group.name}\t${topic}\t${broker}\t${queueId}\t${committedOffset}\t${maxOffset}\n`);
      total += maxOffset - committedOffset;
    }
    stream.write(`T\t${group.name}\t${total}\t${isKnown(group.lag) ? group.lag.value : '?'}\n`);
  }
  for (const { name, queues } of topics.values())
    for (const { broker, queueId, minOffset, maxOffset } of queues)
      stream.write(`E\t${name}\t${broker}\t${queueId}\t${minOffset}\t${maxOffset}\n`);
  stream.end();
  await once(stream, 'finish');
}

export function readRows(file: string): Rows {
  const rows: Rows = { offsets: new Map(), totals: new Map(), ends: new Map() };
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [kind, ...cells] = line.split('\t');
    if (kind === 'Q') rows.offsets.set(cells.slice(0, 4).join(' '), cells.slice(4).join(' '));
    if (kind === 'T') rows.totals.set(cells[0] ?? '', cells[1] ?? '');
    if (kind === 'E') rows.ends.set(cells.slice(0, 3).join(' '), cells.slice(3).join(' '));
  }
  return rows;
}

/** What `theirs` has otherwise or not at all, as sentences. */
export function differences(ours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): string[] {
  return [...ours].flatMap(([key, row]) => (theirs.get(key) === row ? [] : [`${key}: ${row}, not ${theirs.get(key)}`]));
}
