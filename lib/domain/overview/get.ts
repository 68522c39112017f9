import type { OverviewReply } from '@/lib/contract/overview';
import { figureValue, isKnown, type Known } from '@/lib/contract/primitives';
import { sumKnown } from '../clusters/summarise';
import type { Ctx } from '../ctx';
import { retriesOf, retriesPartial } from '../groups/retries';
import { isNotConsuming } from '../groups/standing';
import { agesOf } from '../lag/age';
import { requireSnapshot } from '../snapshot/require-snapshot';
import type { SnapshotGroup } from '../snapshot/snapshot';
import { isInternalType } from '../snapshot/system-names';
import { findingsOf, ranked } from './findings';
import { BY_STATUS } from './group-findings';
import { loadOverviewJobs } from './jobs';
import { loadLedgers } from './ledgers';

const WORST_SHOWN = 8;
/** Nobody reads on; a cluster of which all is down would have thousands. */
const FINDINGS_SENT = 60;
/** Groups in trouble whose oldest unread message is looked up. */
const AGES = 30;
const TROUBLE = new Set(Object.keys(BY_STATUS));
const GROUP_WORDS = new Set(Object.values(BY_STATUS).map(({ key }) => key));

/** Findings worst first, totals with what they leave out, and the jobs under way. `DomainError` UNAVAILABLE without a picture. */
export async function getOverview(ctx: Ctx): Promise<OverviewReply> {
  const snapshot = requireSnapshot(ctx);
  const groups = [...snapshot.groups.values()].filter(({ system }) => !system);
  const byLag = groups
    .map((group) => ({ group, lag: figureValue(group.lag) ?? 0 }))
    .filter(({ lag }) => lag > 0)
    .sort((a, b) => b.lag - a.lag);
  const troubled = byLag.filter(({ group }) => TROUBLE.has(group.status)).slice(0, AGES);
  const [jobs, ledgers] = await Promise.all([
    loadOverviewJobs(ctx),
    loadLedgers(ctx),
    agesOf(
      ctx,
      snapshot,
      troubled.map(({ group }) => group),
    ),
  ]);
  const topics = [...snapshot.topics.values()].filter(({ type }) => !isInternalType(type));
  const findings = ranked(findingsOf(snapshot, jobs, ledgers, ctx.now()));
  return {
    findings: findings.slice(0, FINDINGS_SENT).map(({ size: _, ageMs: __, ...finding }) => finding),
    counts: {
      findings: findings.length,
      groups: groups.length,
      groupsOk: groups.filter(({ status }) => status === 'OK').length,
      groupsInTrouble: findings.filter(({ key }) => GROUP_WORDS.has(key)).length,
      notConsuming: groups.filter(isNotConsuming).length,
      topics: topics.length,
      brokers: snapshot.brokers.length,
    },
    totals: totalsOf(groups),
    worstLag: byLag.slice(0, WORST_SHOWN).map(({ group, lag }) => ({ group: group.name, lag, status: group.status })),
    jobs: jobs.active,
    asOf: snapshot.asOf,
    failures: snapshot.failures,
  };
}

/** Sums of what is known; `unknown` names why something is left out of one. Broadcast groups have no lag to add. */
function totalsOf(groups: readonly SnapshotGroup[]): OverviewReply['totals'] {
  const figures: Record<'lag' | 'retries' | 'deadLetters', Known<number>[]> = {
    lag: groups.filter(({ mode }) => mode !== 'BROADCASTING').map(({ lag }) => lag),
    retries: groups.map(retriesOf),
    deadLetters: groups.map(({ deadLetters }) => deadLetters),
  };
  const unknown: Record<string, string> = {};
  const atLeast = groups.flatMap((group) => retriesPartial(group) ?? [])[0];
  const silent = groups.find(({ partial }) => partial === 'broker_silent')?.partial;
  for (const [name, list] of Object.entries(figures)) {
    const missing = list.find((figure) => !isKnown(figure));
    const reason =
      silent ??
      (missing && !isKnown(missing) ? missing.unknown : undefined) ??
      (name === 'retries' ? atLeast : undefined);
    if (reason) unknown[name] = reason;
  }
  return {
    lag: sumKnown(figures.lag.map(figureValue)),
    retries: sumKnown(figures.retries.map(figureValue)),
    deadLetters: sumKnown(figures.deadLetters.map(figureValue)),
    ...(Object.keys(unknown).length > 0 && { unknown }),
  };
}
