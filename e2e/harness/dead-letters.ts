import { expect } from '@playwright/test';
import type { LettersReply } from '@/lib/contract/dead-letters';
import type { JobSummary } from '@/lib/contract/jobs';
import type { RedrivePlan } from '@/lib/contract/plans';
import type { Oracle } from '../sandbox/oracle';
import type { Api } from './api';
import type { ClusterFacts } from './cluster';
import { makePlan, startJob } from './jobs';

export interface DeadLetters {
  topic: string;
  group: string;
  /** Newest first. */
  ids: string[];
}

type Messages = Parameters<Oracle['send']>[1];

/** A topic of one queue whose only group could handle nothing, and has stopped: every message is a dead letter. */
export async function makeDead(oracle: Oracle, api: Api, topic: string, messages: Messages): Promise<DeadLetters> {
  const group = `${topic}-reader`;
  await oracle.createTopic(topic, { queues: 1 });
  await oracle.createGroup(group);
  await oracle.send(topic, messages);
  await oracle.consumeFailing({ group, topic, maxReconsumeTimes: 1, count: messages.length });
  let ids: string[] = [];
  const read = async () => {
    const { items = [] } = await api.look<LettersReply>('/api/dead-letters/messages', { group, limit: 200 });
    ids = items.map(({ id }) => id);
    return ids.length;
  };
  await expect.poll(read, { timeout: 60_000 }).toBe(messages.length);
  return { topic, group, ids };
}

/** The broker of the first letter: its dead-letter topic may be on no other. */
export function brokerOf({ brokers }: ClusterFacts, { ids }: DeadLetters): { name: string; address: string } {
  const name = ids[0]?.split(':')[0];
  const broker = brokers.find((each) => each.name === name);
  if (!broker) throw new Error(`no broker is called ${name}`);
  return broker;
}

/** A job that holds its group and sends nothing until somebody resumes or cancels it. */
export async function pausedRedrive(api: Api, { group, ids }: DeadLetters): Promise<JobSummary> {
  const plan = await makePlan<RedrivePlan>(api, 'redrive', {
    group,
    select: { ids },
    target: { kind: 'group' },
    canary: { waitMs: 60_000 },
    rate: 1,
  });
  const job = await startJob(api, plan);
  const stateNow = async () => (await api.get<JobSummary>('/api/jobs/detail', { id: job.id })).state;
  await expect.poll(stateNow).toBe('RUNNING');
  const paused = await api.post<JobSummary>('/api/jobs/pause', { id: job.id, reason: 'held for a test' });
  expect(paused.status, paused.text).toBe(200);
  await expect.poll(stateNow).toBe('PAUSED');
  return job;
}
