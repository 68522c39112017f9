// npm run bench:scale [sweeps] [exact] [pages] [viewers] [faults] [hour]: what a console of 4 masters, 900 topics and 2,300 groups
// costs and says; all of it without an argument. Counts and ratios fail it, bare times inform. The table goes to docs/scale.md.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../sandbox/paths';
import type { Sandbox } from '../../sandbox/sandbox';
import { startScaleCluster, stopScaleCluster } from './cluster';
import { compare } from './exact';
import { measureFaults } from './faults';
import { measureHour } from './hour-row';
import { measurePages } from './pages';
import { type Plan, planCluster } from './plan';
import { measureSweeps } from './sweep-rows';
import { type BenchRow, markdown } from './table';
import { measureViewers } from './viewers';

type Part = (sandbox: Sandbox, plan: Plan, say: (line: string) => void) => Promise<BenchRow[]>;

const KEPT = 'kept.tsv';
const PARTS: Record<string, Part> = {
  sweeps: (sandbox) => measureSweeps(sandbox, path.join(sandbox.scratch, KEPT)),
  exact: (sandbox, plan) => compare(sandbox, plan, path.join(sandbox.scratch, KEPT)),
  pages: measurePages,
  viewers: measureViewers,
  hour: measureHour,
  faults: measureFaults,
};

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown) throw new Error(`There is no part ${unknown}; there are ${Object.keys(PARTS).join(', ')}.`);
  const plan = planCluster();
  const say = (line: string) => console.log(line);
  const sandbox = await startScaleCluster(plan, say);
  const rows: BenchRow[] = [];
  try {
    for (const [name, measure] of Object.entries(PARTS)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      say(`\n${name} …`);
      const found = await measure(sandbox, plan, say);
      say(markdown(found));
      rows.push(...found);
    }
  } finally {
    await stopScaleCluster(sandbox);
  }
  if (wanted.length === 0) {
    const page = path.join(ROOT, 'docs', 'scale.md');
    writeFileSync(page, document(plan, rows));
    spawnSync(path.join(ROOT, 'node_modules', '.bin', 'biome'), ['format', '--write', page]);
  }
  return rows.some(({ holds }) => holds === false) ? 1 : 0;
}

function document(plan: Plan, rows: readonly BenchRow[]): string {
  return `# A large cluster

\`npm run bench:scale\` writes this page. It builds a cluster of ${plan.brokers.length} masters with ${plan.topics.length} topics, ${plan.groups.length} groups and
${plan.storedOffsets} stored offsets in ${plan.consumedQueues} queues through the requests that administrators and clients send (60 % of the groups have read
everything, 30 % wait for a few messages, 10 % for many, 50 have dead letters), and measures Redrive on it. Masters, console and
bench share one machine (${cpus().length} cores, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}); a bare client that sends the same requests and reads only
the lengths of the answers stands beside, because times of different machines say little. Lines with a verdict fail the command.

${markdown(rows)}
`;
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
