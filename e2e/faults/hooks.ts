import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobDetail, JobItem } from '@/lib/contract/jobs';
import type { ResetPlan } from '@/lib/contract/plans';
import { sendsOf } from './account';
import type { Random } from './random';
import type { RunHooks, Scene } from './run-hooks';
import { buryMore, expire, type Stage, turnLogs, until } from './stage';
import { glimpse } from './viewer';

const PAGE_BYTES = 4096;
const ENDED = ['DONE', 'PARTIAL', 'FAILED', 'CANCELLED'];

/** F21: an answer that says "stored, but": the copy is kept with its id and never sent again. */
export const uncertain = (code: number): RunHooks => ({
  check(scene, { items }) {
    const said = items.filter(({ evidence }) => evidence.code === code);
    if (said.length === 0) scene.blame(`the fault did not happen: no send was answered with ${code}`);
    for (const { n, attempts } of said) if (attempts !== 1) scene.blame(`F21: item ${n} was sent ${attempts} times`);
  },
});

/** F21 by a SYNC_MASTER that waits for its slave in vain. */
export const slaveFrozen: RunHooks = {
  ...uncertain(12),
  beforeStart: async ({ stage }) => stage.breakable?.freezeSlave(),
  clean: async ({ stage }) => stage.breakable?.thawSlave(),
};

/** F21 by a broker that flushes each message and is given no time for it. */
export const flushTimeout: RunHooks = {
  ...uncertain(10),
  beforeStart: async ({ stage }) => setOnFirst(stage, 'syncFlushTimeout', '0'),
  clean: async ({ stage }) => setOnFirst(stage, 'syncFlushTimeout', '5000'),
};

async function setOnFirst({ oracle, brokers }: Stage, key: string, value: string): Promise<void> {
  await oracle.setBrokerConfig(brokers[0]?.name ?? '', key, value);
}

/** F17: one broker is away: the job says so at once, and letters that need only the other ones go on without it. */
export const oneAway = (back: 'comeBack' | 'wakeUp'): RunHooks => ({
  async meanwhile({ stage, api, group, masters, blame }, id) {
    const name = stage.brokers[0]?.name ?? '';
    const read = () => api.get<JobDetail>('/api/jobs/detail', { id });
    const others = group.letters - Math.ceil(group.letters / masters);
    try {
      const told = await until('the job says whom it waits for', async () => {
        const { progress } = await read();
        return progress?.waiting?.brokers.find(({ broker }) => broker === name);
      });
      if (told.reason === 'busy') blame(`it waits for ${name} because it is ${told.reason}`);
      await until('the letters of the others', async () => {
        const { items } = await api.get<{ items: JobItem[] }>('/api/jobs/items', { id, limit: 500 });
        const stored = items.filter(
          ({ evidence, state }) => STORED.has(state) && !String(evidence.source).startsWith(`${name}:`),
        );
        return stored.length === others;
      });
      const { state, progress, outcomes } = await read();
      if (state !== 'RUNNING') blame(`the job is ${state} while ${name} is away`);
      const waiting = progress?.waiting?.letters;
      if (waiting !== (outcomes.SELECTED ?? 0)) blame(`${waiting} letters wait, of ${outcomes.SELECTED} not sent`);
    } finally {
      await stage.breakable?.[back]();
    }
  },
  check({ pauses, blame }) {
    if (pauses.length > 0) blame(`paused for ${pauses.join(', ')}`);
  },
});
const STORED: ReadonlySet<string> = new Set(['CONFIRMED', 'CONSUMED', 'STORED_UNCERTAIN']);

/** F23: the job pauses, and what is gone is not created by a send; an operator creates it and resumes. */
export const targetGone = (mustPause: boolean): RunHooks => ({
  async beforeResume({ stage, target, blame }, job) {
    if (job.note?.key !== 'target_gone' || !mustPause) return;
    const { brokers } = await stage.oracle.topicExists(target);
    if (brokers.length > 0) blame(`F23: ${target} was created by itself on ${brokers.join(', ')}`);
    await stage.oracle.createTopic(target, { queues: 1 });
  },
  check({ pauses, blame }) {
    if (mustPause && !pauses.includes('target_gone')) blame(`F23: paused for ${pauses.join(', ') || 'nothing'}`);
  },
});

/** F25 and F24: what retention takes between plan and run is counted, and nothing else is sent for it. */
export function expired(random: Random): RunHooks {
  const more = random.between(5, 20);
  let gone = 0;
  return {
    async prepare({ stage, group, masters }) {
      await turnLogs(stage, masters);
      await buryMore(stage, group, more, masters);
    },
    async beforeStart({ stage, group, masters }) {
      await expire(stage, group, masters);
      gone = group.letters - (await stage.oracle.readAll(`%DLQ%${group.group}`)).length;
    },
    async check({ api, group, blame }, { job }) {
      if (gone === 0) blame('the fault did not happen: no letter has expired');
      if ((job.outcomes.EXPIRED ?? 0) !== gone) blame(`F25: ${job.outcomes.EXPIRED} of ${gone} counted as expired`);
      const list = await api.get<{ total: number; failures: unknown[] }>('/api/dead-letters/messages', {
        group: group.group,
      });
      if (list.total !== group.letters - gone || list.failures.length > 0)
        blame(`F24: the list holds ${list.total}, ${JSON.stringify(list.failures)}`);
    },
  };
}

/** F34: a store that takes no more pages: nothing is sent that it does not hold, and reading goes on. */
export function storeFull(random: Random): RunHooks {
  // Raised until a job can begin, so that it is full soon after.
  let pages = random.between(1, 2);
  const refill = ({ restart, dataDir }: Scene) =>
    restart(() => ({
      REDRIVE_CRASH_TEST: 'true',
      REDRIVE_STORE_PAGES: String(Math.ceil(statSync(path.join(dataDir, 'redrive.db')).size / PAGE_BYTES) + pages),
    }));
  return {
    beforeStart: refill,
    async afterRefusal(scene) {
      pages += 1;
      await refill(scene);
    },
    async meanwhile(scene, jobId) {
      const job = await untilStill(scene, jobId);
      const isFull = readFileSync(`${scene.dataDir}.log`, 'utf8').includes('disk is full');
      if (ENDED.includes(job.state) || !isFull) scene.blame(`the fault did not happen: ${job.state}, ${pages} pages`);
      for (const where of ['/api/dead-letters/messages', '/api/groups/detail'])
        await scene.api.get(where, { group: scene.group.group });
      // Space is made.
      await scene.restart(() => ({}));
    },
  };
}

/** Until the job has ended, has paused for its journal, or sends nothing more. */
async function untilStill({ api, wire }: Scene, id: string): Promise<JobDetail> {
  let still = 0;
  let sent = -1;
  for (;;) {
    const job = await api.get<JobDetail>('/api/jobs/detail', { id });
    const now = sendsOf(wire.frames, id).length;
    still = now === sent ? still + 1 : 0;
    sent = now;
    if (ENDED.includes(job.state) || job.state === 'PAUSED' || still > 15) return job;
    await delay(200);
  }
}

/** F35: one store belongs to one console. */
export const secondConsole: RunHooks = {
  async meanwhile({ startAnother, blame }) {
    const refusal = await startAnother();
    if (refusal === null) blame('F35: a second console has started on the same store');
  },
};

/** F36: whoever looks is cut off again and again; each time the stream begins with what is, and the job goes on. */
export const viewerCut: RunHooks = {
  async meanwhile({ url, blame }, jobId) {
    let done = 0;
    for (;;) {
      const { state, total, outcomes } = await glimpse(`${url()}/api/jobs/events?id=${jobId}`);
      const counted = total - (outcomes.SELECTED ?? 0);
      if (counted < done) blame(`F36: ${counted} of ${total} after ${done} had been told`);
      done = counted;
      if (ENDED.includes(state)) return;
      await delay(100);
    }
  },
};

/** F27: what is asked of the brokers by time is answered by their clocks, and the console's own is wrong. */
export const ofBrokersClock = (minutes: number): RunHooks => ({
  async check({ stage: { oracle }, group: { topic, group }, api, blame }) {
    const { asOf = 0 } = await api.get<{ asOf: number }>('/api/groups/detail', { group });
    const aheadMs = asOf - Date.now();
    if (Math.abs(aheadMs - minutes * 60_000) > 60_000) blame(`the fault did not happen: ahead by ${aheadMs} ms`);
    const stored = (await oracle.readAll(topic)).map(({ storeTimestamp }) => storeTimestamp).sort((a, b) => a - b);
    const at = stored[Math.floor(stored.length / 2)] ?? 0;
    const asked = { group, topic, to: { kind: 'timestamp', at: new Date(at).toISOString() } };
    const { status, body, text } = await api.post<ResetPlan>('/api/plans/reset', asked);
    if (status !== 200) return blame(`F27: the plan of a reset was answered ${status} ${text}`);
    for (const { broker, queueId, targetOffset } of body.queues) {
      const offset = await oracle.searchOffset({ topic, broker, queueId }, at);
      if (offset !== targetOffset) blame(`F27: ${broker}/${queueId} would go to ${targetOffset} instead of ${offset}`);
    }
  },
});
