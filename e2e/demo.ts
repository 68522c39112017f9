import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from './build';
import { type Console, freePort, startConsole } from './console';
import { demoPort } from './demo-port';
import { type Sandbox, startSandbox } from './sandbox/sandbox';
import { startWorkload } from './sandbox/workload';

const { values: options } = parseArgs({
  options: {
    /** Only the cluster and its workload. */
    'no-console': { type: 'boolean', default: false },
    /** Writes `{ nameServers, brokers, console }` to this file once everything runs. */
    info: { type: 'string' },
    rocketmq: { type: 'string' },
    seed: { type: 'string', default: '42' },
    /** Else the environment variable PORT, else 8080. */
    port: { type: 'string' },
  },
});

async function main(): Promise<void> {
  let sandbox: Sandbox | undefined;
  let console_: Console | undefined;
  let isStopping = false;
  const stop = async () => {
    // Whatever happens in between: the guard ends every process when this one is gone.
    if (!sandbox) process.exit(130);
    if (isStopping) return;
    isStopping = true;
    process.stdout.write('\nStopping …\n');
    await console_?.stop();
    await sandbox.stop();
    process.exit(0);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  // e2e/run.mjs, which started this, has been killed.
  process.once('disconnect', stop);

  const wantedPort = demoPort(options.port, process.env.PORT);
  if (!options['no-console']) buildIfStale();
  say('Starting RocketMQ: 2 NameServers, 2 masters …');
  sandbox = await startSandbox({ topology: 'demo', version: options.rocketmq });
  say('Starting a shop that fails in several ways; its dead letters take about a minute …');
  const workload = await startWorkload(sandbox, { profile: 'demo', seed: Number(options.seed) });
  if (!options['no-console']) {
    const port = await freePort(wantedPort);
    console_ = await startConsole(sandbox, {
      port,
      dataDir: path.join(sandbox.scratch, 'console'),
      env: { REDRIVE_CLUSTER_NAME: 'demo', REDRIVE_CLUSTER_ENV: 'DEMO' },
      isLeftNew: true,
      hasLimits: true,
    });
  }
  if (options.info) writeFileSync(options.info, JSON.stringify(info(sandbox, console_?.url)));

  const dead = Object.values(workload.summary.dead).reduce((sum, count) => sum + count, 0);
  say(
    `RocketMQ ${sandbox.version}: NAMESRV_ADDR='${sandbox.nameServers.join(';')}', stores and logs in ${sandbox.scratch}`,
  );
  say(`${workload.summary.topics} topics, ${workload.summary.groups} groups, ${dead} dead letters.`);
  if (console_) say(tour(readFileSync(path.join(sandbox.scratch, 'console', 'setup-link.txt'), 'utf8').trim()));
  say('Ctrl-C stops everything.');
}

function info(sandbox: Sandbox, url: string | undefined) {
  const brokers = sandbox.brokers.map(({ handle, address, pid }) => ({ handle, address, pid }));
  return {
    nameServers: sandbox.nameServers,
    brokers,
    scratch: sandbox.scratch,
    console: url ?? null,
    pid: process.pid,
  };
}

function tour(url: string): string {
  return `
  Redrive: ${url}
  This link makes the first account, and works once.

  Look at   orders-fulfilment   fails for four reasons, climbs the whole retry ladder, dies
            inventory-sync      is stuck; payments-settle is too slow; risk-scoring has left with a backlog
            invoice-render      has dead letters that do not say why
            ORD-884000          as a trace: one message, three groups, seventeen attempts
  The inventory service is down three minutes of every five: what died of it can be redriven in the other two.
`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
