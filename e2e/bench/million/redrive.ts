import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { JobDetail, JobSummary } from '@/lib/contract/jobs';
import type { RedrivePlan } from '@/lib/contract/plans';
import { apiOf } from '../../harness/api';
import { runJava } from '../../sandbox/java';
import type { Sandbox } from '../../sandbox/sandbox';
import { type BenchRow, inform, limit, median } from '../scale/table';
import { LETTERS, ORIGINS } from './letter';
import { planAll, refused } from './plan';
import { loopRows, type Probed, withProbedConsole } from './probed';
import { untilRead } from './until-read';

const MAX_RATE = 100_000;
const LOOK_MS = 1000;
const ENDED = ['DONE', 'PARTIAL', 'FAILED', 'CANCELLED', 'PAUSED'];
const MOST_MS = 1_800_000;
const JAVA_WARM_UP = 3000;
const JAVA_MESSAGES = 20_000;
const JAVA_RUNS = 5;

/** All letters sent again with the journal on, as fast as it goes, beside a Java client that sends one message after the other. */
export async function measureRedrive(sandbox: Sandbox): Promise<BenchRow[]> {
  const java = await sendByJava(sandbox);
  return withProbedConsole(sandbox, { REDRIVE_MAX_RATE: String(MAX_RATE) }, async (running) => {
    await untilRead(running);
    const { plan, refusal } = await planAll(running, MAX_RATE);
    if (!plan)
      return [
        refused('redrive of all letters', refusal),
        inform('Java client, one after the other', perSecond(median(java))),
      ];
    await running.loop();
    const { job, stored, rates } = await run(running, plan);
    const loop = await running.loop();
    const whole = (stored * 1000) / ((job.endedAt ?? Date.now()) - (job.startedAt ?? job.createdAt));
    return [
      inform('redrive of all letters with the journal on, median of its seconds', perSecond(median(rates)), '≥ 5000/s'),
      inform('… from its start to its end, report and all', perSecond(whole)),
      inform('Java client that sends one message after the other', perSecond(median(java))),
      atLeast('redrive beside it', median(rates) / median(java), 2),
      limit('letters that were not sent', LETTERS - stored, 0),
      inform('… how the job ended', `${job.state} ${JSON.stringify(job.outcomes)}`),
      ...loopRows(loop),
      inform('… peak of resident memory', `${running.peakMb().toFixed(0)} MB`, '≤ 300 MB'),
    ];
  });
}

const perSecond = (rate: number): string => `${rate.toFixed(0)}/s`;

const atLeast = (measured: string, value: number, least: number): BenchRow => ({
  measured,
  value: value.toFixed(2),
  wanted: `≥ ${least}`,
  holds: value >= least,
});

async function run({ console: { url } }: Probed, plan: RedrivePlan) {
  const api = apiOf(() => url);
  const body = { token: plan.token, reason: 'bench', ...(plan.confirm !== null && { confirm: plan.confirm }) };
  const answer = await api.post<JobSummary>('/api/jobs', body, { 'idempotency-key': randomUUID() });
  if (answer.status !== 202) throw new Error(`The job was refused: ${answer.text}`);
  const rates: number[] = [];
  const until = Date.now() + MOST_MS;
  for (let before = { at: performance.now(), stored: 0 }; ; await delay(LOOK_MS)) {
    const job = await api.get<JobDetail>('/api/jobs/detail', { id: answer.body.id });
    const now = { at: performance.now(), stored: storedIn(job) };
    // The second in which it begins and the one in which it ends are not whole ones.
    if (before.stored > 0 && now.stored > before.stored && now.stored < LETTERS)
      rates.push(((now.stored - before.stored) * 1000) / (now.at - before.at));
    before = now;
    if (ENDED.includes(job.state)) return { job, stored: now.stored, rates };
    if (Date.now() > until)
      throw new Error(`The job has sent ${now.stored} letters only: ${JSON.stringify(job.outcomes)}`);
  }
}

const STORED = ['CONFIRMED', 'STORED_UNCERTAIN', 'CONSUMED', 'FAILED_AGAIN', 'DEAD_AGAIN', 'DUPLICATED'];
const storedIn = ({ outcomes }: JobSummary): number => STORED.reduce((sum, state) => sum + (outcomes[state] ?? 0), 0);

/** Messages per second of the real client, each sent when the one before is stored, of the same size. */
async function sendByJava(sandbox: Sandbox): Promise<number[]> {
  const source = fileURLToPath(new URL('./SyncSender.java', import.meta.url));
  const args = [
    sandbox.nameServers.join(';'),
    ORIGINS[0],
    String(JAVA_WARM_UP),
    String(JAVA_MESSAGES),
    String(JAVA_RUNS),
  ];
  const child = runJava(sandbox, source, args, '256m');
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const rates = [...output.matchAll(/^RATE (\S+)$/gm)].map(([, rate]) => Number(rate));
  if (code !== 0 || rates.length !== JAVA_RUNS)
    throw new Error(`SyncSender.java ended with ${code}; see ${sandbox.scratch}/syncsender.`);
  return rates;
}
