import type { z } from 'zod';
import type { GroupRow, groupsQuery, groupsReply } from '@/lib/contract/groups';
import { figureValue, isKnown } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import { agesOf, type LagAge } from '../lag/age';
import { severityOf } from '../lag/evaluate';
import { sharedView } from '../shared-read';
import { heldIn } from '../snapshot/held-in';
import { matches, pageOf, type SortFields, toWire } from '../snapshot/page-list';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { SnapshotGroup } from '../snapshot/snapshot';
import { watchGroups } from '../snapshot/watched';
import { retriesOf, retriesPartial } from './retries';
import { isNotConsuming } from './standing';

const SORTS: SortFields<SnapshotGroup> = {
  group: (group) => group.name,
  mode: (group) => group.mode,
  status: (group) => severityOf(group.status),
  members: (group) => figureValue(group.members),
  lag: (group) => figureValue(group.lag),
  retries: (group) => figureValue(retriesOf(group)),
  deadLetters: (group) => figureValue(group.deadLetters),
};

const FEATURES: Record<'dead' | 'no-members', (group: SnapshotGroup) => boolean> = {
  dead: ({ deadLetters }) => (figureValue(deadLetters) ?? 0) > 0,
  'no-members': ({ members }) => isKnown(members) && members.value === 0,
};

/** Nobody is connected and nothing waits for anybody: a group that was left behind. What is not known may be something. */
function isIdle(group: SnapshotGroup): boolean {
  const { members, lag, partial, rows, queuesWithoutOffset, consumeEnabled, deadLetters } = group;
  const hasNothingToRead =
    figureValue(lag) === 0 || ((rows?.parts.length ?? 0) === 0 && queuesWithoutOffset.length === 0);
  const figures = [members, retriesOf(group), deadLetters];
  return consumeEnabled && partial === null && hasNothingToRead && figures.every((figure) => figureValue(figure) === 0);
}

/** Of a list the first ones are kept as fresh as a page of their own would be. */
const WATCHED_ROWS = 100;

/**
 * Groups of the snapshot, with lag in time for the rows of the page. `counts` holds groups per status word,
 * per `has` feature and those not consuming, before these filters. `DomainError`: INVALID, UNAVAILABLE as `listTopics`.
 */
export function listGroups(ctx: Ctx, query: z.output<typeof groupsQuery>): Promise<z.input<typeof groupsReply>> {
  return sharedView(ctx, `groups ${JSON.stringify(query)}`, (shared) => list(shared, query));
}

async function list(ctx: Ctx, query: z.output<typeof groupsQuery>): Promise<z.input<typeof groupsReply>> {
  const snapshot = requireSnapshot(ctx);
  const isHeld = heldIn(snapshot, query.brokerCluster, ({ groups }, name) => groups.has(name));
  const found = [...snapshot.groups.values()].filter((group) => matches(group.name, query.q) && isHeld(group));
  const known = query.internal === 'true' ? found : found.filter(({ system }) => !system);
  const shown = query.idle === 'hide' ? known.filter((group) => !isIdle(group)) : known;
  const counts: Record<string, number> = {};
  for (const { status } of shown) counts[status] = (counts[status] ?? 0) + 1;
  for (const [feature, has] of Object.entries(FEATURES)) counts[feature] = shown.filter(has).length;
  counts['not-consuming'] = shown.filter(isNotConsuming).length;
  const filtered = shown.filter(
    (group) =>
      (query.status === undefined || group.status === query.status) &&
      (query.has === undefined || FEATURES[query.has](group)),
  );
  const { items, ...page } = pageOf(filtered, query, SORTS, { defaultSort: '-status', nameOf: ({ name }) => name });
  const shownNames = items.slice(0, WATCHED_ROWS).map(({ name }) => name);
  watchGroups(snapshot, shownNames, ctx.now());
  const ages = await agesOf(ctx, snapshot, items);
  return {
    ...page,
    items: items.map((group) => rowOf(group, ages.get(group.name))),
    asOf: snapshot.asOf,
    failures: snapshot.failures,
    counts,
    hiddenSystem: found.length - known.length,
    hiddenIdle: known.length - shown.length,
  };
}

function rowOf(group: SnapshotGroup, age: LagAge | undefined): GroupRow {
  const { partial } = group;
  const silent = partial === 'broker_silent' ? partial : null;
  const { values, unknown } = toWire(
    {
      members: group.members,
      lag: group.lag,
      lagMs: age?.lagMs ?? { unknown: 'not_read' },
      retries: retriesOf(group),
      deadLetters: group.deadLetters,
    },
    { lag: partial, lagMs: partial, members: silent, retries: retriesPartial(group), deadLetters: silent },
  );
  return {
    group: group.name,
    mode: group.mode,
    system: group.system,
    status: group.status,
    rule: group.rule,
    tape: group.tape,
    topics: group.topics,
    ...values,
    lagMsExact: age?.isExact ?? false,
    unknown,
  };
}
