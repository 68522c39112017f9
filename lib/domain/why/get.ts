import type { WhyReply } from '@/lib/contract/why';
import { causeOf } from '@/lib/rocketmq/errors';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { findGroup } from '../groups/find';
import { jobsOfGroup } from '../groups/group-jobs';
import { readMembers } from '../groups/members';
import { holderOf } from '../groups/sentence';
import { agesOf } from '../lag/age';
import { flowOf, type GroupFlow } from '../lag/rates';
import { sharedRead } from '../shared-read';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { SnapshotGroup } from '../snapshot/snapshot';
import { getMemberThreads } from '../threads/get';
import { advise } from './advise';
import { type Evidence, type HolderThreads, queueName } from './evidence';
import { explain } from './explain';

/** A client stops for a moment to tell its threads: once for all who look, and not again for this long. */
const THREADS_KEPT_MS = 60_000;
/** The other findings do not wait longer for them. */
const THREADS_PATIENCE_MS = 2500;

/**
 * Why a group is as it is, with what was read for it and the next safe step, and what would shorten its backlog. Reads
 * only. `DomainError`: NOT_FOUND `group_not_found`, UNAVAILABLE.
 */
export async function getWhy(ctx: Ctx, { group: name }: { group: string }): Promise<WhyReply> {
  const snapshot = requireSnapshot(ctx);
  const group = await findGroup(ctx, name);
  const [connected, ages, { undo }] = await Promise.all([
    readMembers(ctx, snapshot, name),
    agesOf(ctx, snapshot, [group]),
    jobsOfGroup(ctx, name),
  ]);
  const flow = flowOf(group);
  const evidence: Evidence = {
    now: ctx.now(),
    group,
    flow,
    age: ages.get(name),
    members: connected.members,
    subscriptions: connected.subscriptions,
    topics: snapshot.topics,
    retentionMs: new Map(snapshot.brokers.map(({ name: broker, retentionMs }) => [broker, retentionMs])),
    reset: undo,
    threads: await readThreads(ctx, group, flow, connected.members),
  };
  return {
    group: name,
    status: group.status,
    ...explain(evidence),
    advice: advise(evidence),
    asOf: snapshot.asOf,
    failures: connected.failures,
  };
}

/** Only of a queue that stands still: there the threads are the evidence. */
async function readThreads(
  ctx: Ctx,
  group: SnapshotGroup,
  { queues }: GroupFlow,
  members: Evidence['members'],
): Promise<HolderThreads> {
  const still = queues
    .map(({ queue }) => queue)
    .filter(({ status }) => status === 'STALLED')
    .sort((a, b) => b.maxOffset - b.committedOffset - (a.maxOffset - a.committedOffset))[0];
  const holder = still ? holderOf(members, still) : undefined;
  if (!still || !holder || group.mode !== 'CLUSTERING') return { state: 'not_asked' };
  const { clientId } = holder;
  try {
    const patient = { ...ctx, deadlineAt: Math.min(ctx.deadlineAt, ctx.now() + THREADS_PATIENCE_MS) };
    const { consume, readAt } = await sharedRead(
      patient,
      `threads ${group.name} ${clientId}`,
      THREADS_KEPT_MS,
      (shared) => getMemberThreads(shared, { group: group.name, clientId }),
    );
    return { state: 'read', clientId, queue: queueName(still), readAt, consume };
  } catch (error) {
    return { state: 'unread', clientId, reason: error instanceof DomainError ? error.key : causeOf(error).code };
  }
}
