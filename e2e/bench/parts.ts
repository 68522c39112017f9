import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../sandbox/paths';
import { type BenchRow, markdown } from './scale/table';

type Say = (line: string) => void;

interface Bench<Cluster> {
  parts: Record<string, (cluster: Cluster, say: Say) => Promise<BenchRow[]>>;
  start(say: Say): Promise<Cluster>;
  stop(cluster: Cluster): Promise<void>;
  /** Below docs, written when all parts ran. */
  page: string;
  document(table: string, cluster: Cluster): string;
}

/** The parts that are named on the command line, or all of them, on one cluster. Ends the process; 1 when a line fails. */
export function runParts<Cluster>(bench: Bench<Cluster>): void {
  measure(bench, process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: Error) => {
      console.error(error.stack ?? error.message);
      process.exit(1);
    },
  );
}

async function measure<Cluster>(
  { parts, start, stop, page, document }: Bench<Cluster>,
  wanted: readonly string[],
): Promise<number> {
  const unknown = wanted.find((name) => !Object.hasOwn(parts, name));
  if (unknown) throw new Error(`There is no part ${unknown}; there are ${Object.keys(parts).join(', ')}.`);
  const say: Say = (line) => console.log(line);
  const cluster = await start(say);
  const rows: BenchRow[] = [];
  try {
    for (const [name, measurePart] of Object.entries(parts)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      say(`\n${name} …`);
      const found = await measurePart(cluster, say);
      say(markdown(found));
      rows.push(...found);
    }
  } finally {
    await stop(cluster);
  }
  if (wanted.length === 0) {
    const file = path.join(ROOT, 'docs', page);
    writeFileSync(file, document(markdown(rows), cluster));
    spawnSync(path.join(ROOT, 'node_modules', '.bin', 'biome'), ['format', '--write', file]);
  }
  return rows.some(({ holds }) => holds === false) ? 1 : 0;
}
