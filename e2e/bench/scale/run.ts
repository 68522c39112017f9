// npm run bench:scale [sweeps] [exact] [pages] [viewers] [faults] [hour]: what a console of 4 masters, 900 topics and 2,300 groups
// costs and says; all of it without an argument. Counts and ratios fail it, bare times inform. The table goes to docs/scale.md.
import { cpus } from 'node:os';
import path from 'node:path';
import { runParts } from '../parts';
import { startScaleCluster, stopScaleCluster } from './cluster';
import { compare } from './exact';
import { measureFaults } from './faults';
import { measureHour } from './hour-row';
import { measurePages } from './pages';
import { planCluster } from './plan';
import { measureSweeps } from './sweep-rows';
import { measureViewers } from './viewers';

const KEPT = 'kept.tsv';
const plan = planCluster();

runParts({
  parts: {
    sweeps: (sandbox) => measureSweeps(sandbox, path.join(sandbox.scratch, KEPT)),
    exact: (sandbox) => compare(sandbox, plan, path.join(sandbox.scratch, KEPT)),
    pages: measurePages,
    viewers: measureViewers,
    hour: (sandbox) => measureHour(sandbox, plan),
    faults: measureFaults,
  },
  start: (say) => startScaleCluster(plan, say),
  stop: stopScaleCluster,
  page: 'scale.md',
  document: (table) => `# A large cluster

\`npm run bench:scale\` writes this page. It builds a cluster of ${plan.brokers.length} masters with ${plan.topics.length} topics, ${plan.groups.length} groups and
${plan.storedOffsets} stored offsets in ${plan.consumedQueues} queues through the requests that administrators and clients send (60 % of the groups have read
everything, 30 % wait for a few messages, 10 % for many, 50 have dead letters), and measures Redrive on it. Masters, console and
bench share one machine (${cpus().length} cores, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}); a bare client that sends the same requests and reads only
the lengths of the answers stands beside, because times of different machines say little. Lines with a verdict fail the command.

${table}
`,
});
