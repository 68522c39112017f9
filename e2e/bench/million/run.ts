// npm run bench:million [first] [pages] [scan] [plan] [redrive]: a million dead letters of one group; all of it without an argument.
// Counts and ratios fail it, bare times inform. The table goes to docs/million.md.
import { cpus } from 'node:os';
import { runParts } from '../parts';
import { startMillionCluster } from './cluster';
import { measureFirstPage } from './first-page';
import { LETTERS } from './letter';
import { measurePages } from './pages';
import { measurePlan } from './plan';
import { measureRedrive } from './redrive';
import { measureScan } from './scan-rows';

runParts({
  parts: {
    scan: measureScan,
    first: measureFirstPage,
    pages: measurePages,
    plan: measurePlan,
    // Last: it leaves a million copies behind.
    redrive: measureRedrive,
  },
  start: startMillionCluster,
  stop: (sandbox) => sandbox.stop(),
  page: 'million.md',
  document: (table) => `# A million dead letters

\`npm run bench:million\` writes this page. It makes ${LETTERS} small dead letters of one group on two masters (four origin topics, five
tags, keys that rise, three of five with the error in a property), with what a push consumer's letters carry, and measures Redrive on
them. Masters, console and bench share one machine (${cpus().length} cores, Node ${process.versions.node},
${new Date().toISOString().slice(0, 10)}). A bare client that pulls the same letters and reads only the lengths of the answers stands
beside, and a Java client that sends one message after the other, because times of different machines say little. Pages are asked of the
built console over HTTP, five times with five different values; the longest stands beside. Lines with a verdict fail the command.

${table}
`,
});
