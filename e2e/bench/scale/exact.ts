import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runJava } from '../../sandbox/java';
import type { Sandbox } from '../../sandbox/sandbox';
import type { Plan } from './plan';
import { differences, type Rows, readRows } from './rows';
import { type BenchRow, limit } from './table';
import { runMeasured } from './target';

/** What the picture that was kept over all sweeps says, beside one from nothing and beside the Java admin client; nothing moves. */
export async function compare(sandbox: Sandbox, plan: Plan, keptFile: string | null): Promise<BenchRow[]> {
  const freshFile = path.join(sandbox.scratch, 'fresh.tsv');
  await runMeasured('./fresh.ts', sandbox, freshFile);
  const fresh = readRows(freshFile);
  const java = await askJava(sandbox, plan);
  const rows = [
    ...(keptFile
      ? [difference('the picture kept over the sweeps and one from nothing', fresh, readRows(keptFile))]
      : []),
    difference('one from nothing and the Java admin client', fresh, java),
  ];
  // What Java says beyond ours: queues without a stored offset, which it counts from 0.
  const beyond = [...java.offsets].filter(([key]) => !fresh.offsets.has(key));
  const counted = beyond.filter(([, row]) => !row.startsWith('0 ') && !row.startsWith('-1 '));
  return [
    ...rows,
    limit(`queues only the Java client has, of ${beyond.length}, that are not without an offset`, counted.length, 0),
  ];
}

function difference(what: string, ours: Rows, theirs: Rows): BenchRow {
  const found = [
    ...differences(ours.offsets, theirs.offsets),
    ...differences(ours.totals, theirs.totals),
    ...differences(ours.ends, theirs.ends),
  ];
  for (const sentence of found.slice(0, 5)) console.log(sentence);
  const { offsets, totals, ends } = ours;
  return limit(
    `${what}: ${offsets.size} offsets, ${totals.size} totals, ${ends.size} queue ends, differing`,
    found.length,
    0,
  );
}

async function askJava(sandbox: Sandbox, { groups, topics }: Plan): Promise<Rows> {
  const file = (name: string) => path.join(sandbox.scratch, name);
  const retries = groups.map(({ name }) => `%RETRY%${name}`);
  const dead = groups.flatMap(({ name, dead }) => (dead > 0 ? [`%DLQ%${name}`] : []));
  writeFileSync(file('groups.txt'), groups.map(({ name }) => name).join('\n'));
  writeFileSync(file('topics.txt'), [...topics.map(({ name }) => name), ...retries, ...dead].join('\n'));
  const args = [sandbox.nameServers.join(';'), file('groups.txt'), file('topics.txt'), file('java.tsv')];
  const child = runJava(sandbox, fileURLToPath(new URL('./AdminStats.java', import.meta.url)), args, '256m');
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`AdminStats.java ended with ${code}; see ${file('adminstats/stderr.log')}.`);
  return readRows(file('java.tsv'));
}
