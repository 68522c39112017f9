import type { GroupDetail } from '@/lib/contract/groups';
import { isKnown, type Known, known } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import { agesOf } from '../lag/age';
import { flowOf } from '../lag/rates';
import { flowToWire } from '../lag/wire';
import { toWire } from '../snapshot/page-list';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { Snapshot, SnapshotGroup } from '../snapshot/snapshot';
import { findGroup } from './find';
import { jobsOfGroup } from './group-jobs';
import { readMembers } from './members';
import { retriesOf, retriesPartial } from './retries';
import { sentenceOf } from './sentence';

/** One group: status and figures of the snapshot, members and subscriptions read now. `DomainError`: NOT_FOUND, UNAVAILABLE. */
export async function getGroup(ctx: Ctx, { group: name }: { group: string }): Promise<GroupDetail> {
  const snapshot = requireSnapshot(ctx);
  const group = await findGroup(ctx, name);
  const [connected, ages, jobs] = await Promise.all([
    readMembers(ctx, snapshot, name),
    agesOf(ctx, snapshot, [group]),
    jobsOfGroup(ctx, name),
  ]);
  const age = ages.get(name);
  const flow = flowOf(group);
  const rates = flowToWire(flow, flow.partial);
  const silent = group.partial === 'broker_silent' ? group.partial : null;
  const { values, unknown } = toWire(
    {
      lag: group.lag,
      lagMs: age?.lagMs ?? { unknown: 'not_read' },
      retries: retriesOf(group),
      retriesWaiting: group.retriesWaiting,
      retriesDue: group.retriesDue,
      deadLetters: group.deadLetters,
    },
    {
      lag: group.partial,
      lagMs: group.partial,
      retries: retriesPartial(group),
      retriesWaiting: silent,
      retriesDue: silent,
      deadLetters: silent,
    },
  );
  const members = connected.members.length > 0 ? known(connected.members.length, ctx.now()) : group.members;
  const hidden = membersHidden(members, connected.members.length);
  return {
    group: name,
    mode: group.mode,
    status: group.status,
    rule: group.rule,
    sentence: sentenceOf({ group, flow, age, members: connected.members }),
    tape: group.tape,
    members: connected.members,
    membersKnown: hidden === null,
    subscriptions: connected.subscriptions,
    ...values,
    lagMsExact: age?.isExact ?? false,
    ...rates.values,
    nextRetryAt: group.nextRetryAt,
    lastDeadAt: group.lastDeadAt,
    topics: group.topics,
    config: configOf(snapshot, group),
    ...jobs,
    asOf: snapshot.asOf,
    failures: connected.failures,
    unknown:
      rates.unknown || unknown || hidden
        ? { ...rates.unknown, ...unknown, ...(hidden ? { members: hidden } : {}) }
        : undefined,
  };
}

/** Why the members that are listed are not all there may be; null when they are. */
function membersHidden(members: Known<number>, listed: number): string | null {
  if (!isKnown(members)) return members.unknown;
  return members.value > 0 && listed === 0 ? 'members_unknown' : null;
}

function configOf(snapshot: Snapshot, group: SnapshotGroup): GroupDetail['config'] {
  const config = [...snapshot.facts.values()].flatMap(({ groups }) => groups.get(group.name) ?? [])[0];
  return {
    consumeEnabled: group.consumeEnabled,
    broadcastEnabled: config?.broadcastEnabled ?? null,
    retryMaxTimes: group.retryMaxTimes,
    retryQueues: config?.retryQueues ?? null,
    orderly: config?.orderly ?? null,
  };
}
