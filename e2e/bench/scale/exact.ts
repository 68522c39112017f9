import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runJava } from '../../sandbox/java';
import type { Sandbox } from '../../sandbox/sandbox';
import type { Plan } from './plan';
import { differences, type Rows, readRows } from './rows';
import { type BenchRow, inform, limit } from './table';
import { runMeasured } from './target';

/** What the picture that was kept over all sweeps says, beside one from nothing and beside the Java admin client; nothing moves. */
export async function compare(sandbox: Sandbox, plan: Plan, keptFile: string | null): Promise<BenchRow[]> {
  const freshFile = path.join(sandbox.scratch, 'fresh.tsv');
  await runMeasured('./fresh.ts', sandbox, [freshFile]);
  const fresh = readRows(freshFile);
  const java = await askJava(sandbox, plan);
  // Queues without a stored offset: Java counts all that they hold as unread, where we say that it is not known.
  const beyond = [...java.offsets].filter(([key]) => !fresh.offsets.has(key));
  const unstored = beyond.filter(([, row]) => row.startsWith('0 '));
  for (const [key, row] of unstored) {
    const group = key.slice(0, key.indexOf(' '));
    const counted = Number(row.split(' ')[1]);
    java.totals.set(group, String(Number(java.totals.get(group)) - counted));
  }
  return [
    ...(keptFile
      ? [difference('the picture kept over all sweeps and one from nothing', fresh, readRows(keptFile))]
      : []),
    difference('one from nothing and the Java admin client', java, fresh, (key) => fresh.offsets.has(key)),
    inform(
      '… queues without a stored offset, which Java counts as unread from 0: taken out of its totals',
      String(unstored.length),
    ),
    limit('… other queues only the Java client has', beyond.length - unstored.length, 0),
  ];
}

function difference(what: string, of: Rows, beside: Rows, isShared: (key: string) => boolean = () => true): BenchRow {
  const offsets = new Map([...of.offsets].filter(([key]) => isShared(key)));
  const found = [
    ...differences(offsets, beside.offsets),
    ...differences(of.totals, beside.totals),
    ...differences(of.ends, beside.ends),
  ];
  for (const sentence of found.slice(0, 5)) console.log(sentence);
  const { totals, ends } = of;
  return limit(
    `${what}: ${offsets.size} offsets, ${totals.size} totals, ${ends.size} queue ends; differing`,
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
