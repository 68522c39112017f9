import type { Ctx } from '../ctx';
import { recordIdOf } from '../messages/record-id';
import { tagOf } from '../messages/row';
import { ownership } from '../retries/retry-topics';
import { delayLevelsOf } from '../retries/rungs';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { attemptsOf } from './attempts';
import type { Context } from './contexts';
import { aftermathsOf, copiesOfGroup } from './group-copies';
import { readCommitted, readConnected, readWaiting } from './group-evidence';
import { judgeGroup, type TraceGroup } from './group-state';
import type { Copy, IndexSearch } from './index-search';
import { isParked, roleOf } from './topics';

export interface Followed {
  topic: string | null;
  /** First record in the business topic. */
  origin: Copy | null;
  copies: readonly Copy[];
  contexts: readonly Context[];
}

/** What became of a message in each of these groups. */
export async function followGroups(
  ctx: Ctx,
  search: IndexSearch,
  groups: readonly string[],
  message: Followed,
): Promise<TraceGroup[]> {
  const schedule = message.copies.filter(({ record }) => roleOf(record.topic) === 'waiting');
  const waiting = schedule.length > 0 ? await readWaiting(ctx, search, schedule) : new Map<string, number | null>();
  return Promise.all(groups.map((group) => followGroup(ctx, search, group, message, waiting)));
}

async function followGroup(
  ctx: Ctx,
  search: IndexSearch,
  group: string,
  { topic, origin, copies, contexts }: Followed,
  waiting: ReadonlyMap<string, number | null>,
): Promise<TraceGroup> {
  const mine = copiesOfGroup(copies, DLQ_PREFIX + group, ownership(ctx, group));
  const [{ online, connection }, committed, due] = await Promise.all([
    readConnected(ctx, search, group),
    origin ? readCommitted(ctx, search, group, origin) : undefined,
    Promise.all(
      mine.retry.map(async (copy) => {
        const offset = await readCommitted(ctx, search, group, copy);
        const ahead = copy.record.queueOffset - (offset ?? 0);
        return offset !== undefined && ahead >= 0 ? [{ copy, ahead }] : [];
      }),
    ),
  ]);
  const dueTimes = new Map([...waiting].flatMap(([id, at]) => (at === null ? [] : [[id, at] as const])));
  const idOf = ({ broker, record }: Copy) => recordIdOf({ broker, physicalOffset: record.physicalOffset });
  const reported = contexts.filter((context) => 'group' in context && context.group === group);
  // Old clients leave the group out of SubAfter: its request id tells.
  const requests = new Set(reported.flatMap((context) => (context.type === 'SubBefore' ? [context.requestId] : [])));
  const ends = contexts.filter(
    (context) => context.type === 'SubAfter' && context.group === null && requests.has(context.requestId),
  );
  return judgeGroup({
    group,
    online,
    messageModel: connection?.messageModel ?? modelOf(ctx, group),
    subscription: connection?.subscriptions.find((each) => each.topic === topic) ?? null,
    tag: origin ? tagOf(origin.record) : null,
    origin,
    isParked: origin === null && copies.some(isParked),
    committed,
    copies: mine,
    waiting: mine.schedule
      .filter((copy) => waiting.has(idOf(copy)))
      .map((copy) => ({ copy, dueAt: waiting.get(idOf(copy)) ?? null })),
    due: due.flat(),
    attempts: attemptsOf(
      [...reported, ...ends],
      aftermathsOf(mine, dueTimes, delayLevelsOf(ctx.snapshot())),
      ctx.now(),
    ),
  });
}

const modelOf = (ctx: Ctx, group: string): string | null => ctx.snapshot()?.groups.get(group)?.mode ?? null;
