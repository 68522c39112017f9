import type { Said } from '@/lib/contract/groups';
import type { WhyFinding } from '@/lib/contract/why';
import { checkAnswers, checkFlowControl, checkLocks, checkThreads } from './check-clients';
import { checkAssignment, checkIdle, checkSubscriptions, checkUnsubscribed, checkVersions } from './check-members';
import { checkExpiry, checkHot, checkRetries, checkSpeed } from './check-queues';
import { checkFrozen, checkOnline, checkReadable, checkReset } from './check-state';
import type { Checked, Evidence } from './evidence';

/** In order of weight: of two findings as severe the earlier one explains the later. */
const CHECKS: readonly ((evidence: Evidence) => Checked)[] = [
  checkFrozen,
  checkOnline,
  checkReadable,
  checkSubscriptions,
  checkThreads,
  checkAssignment,
  checkReset,
  checkLocks,
  checkHot,
  checkFlowControl,
  checkExpiry,
  checkAnswers,
  checkSpeed,
  checkUnsubscribed,
  checkRetries,
  checkIdle,
  checkVersions,
];
const SEVERITIES: Record<WhyFinding['severity'], number> = { critical: 0, warning: 1, note: 2 };

export interface Explanation {
  findings: WhyFinding[];
  passed: Said[];
  notRead: Said[];
}

/** Why a group is as it is: findings by severity and weight, what was checked and is not the cause, what could not be read. */
export function explain(evidence: Evidence): Explanation {
  if (evidence.group.mode === 'BROADCASTING') return { findings: [], passed: [], notRead: [] };
  const checked = CHECKS.map((check) => check(evidence));
  return {
    findings: checked
      .flatMap(({ findings }) => findings)
      .sort((a, b) => SEVERITIES[a.severity] - SEVERITIES[b.severity]),
    passed: checked.flatMap(({ passed }) => passed),
    notRead: checked.flatMap(({ notRead }) => notRead),
  };
}
