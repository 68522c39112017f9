import type { Finding } from '@/lib/contract/overview';
import type { Snapshot } from '../snapshot/snapshot';
import { brokerFindings } from './broker-findings';
import { groupFindings } from './group-findings';
import { jobFindings } from './job-findings';
import type { OverviewJobs } from './jobs';
import type { Ledgers } from './ledgers';

/** A finding and what it is ranked by within its severity: age times size. */
export interface RankedFinding extends Finding {
  size: number;
  ageMs: number;
}

const SEVERITIES: Record<Finding['severity'], number> = { critical: 0, warning: 1, note: 2 };

/** Everything that asks for a person's attention, in no order. */
export const findingsOf = (snapshot: Snapshot, jobs: OverviewJobs, ledgers: Ledgers, now: number): RankedFinding[] => [
  ...brokerFindings(snapshot, now),
  ...groupFindings(snapshot, ledgers, now),
  ...jobFindings(jobs, now),
];

/** Worst first. */
export function ranked(findings: readonly RankedFinding[]): RankedFinding[] {
  return findings
    .map((finding) => ({ finding, weight: Math.max(1, finding.size) * Math.max(1, finding.ageMs) }))
    .sort(
      (a, b) =>
        SEVERITIES[a.finding.severity] - SEVERITIES[b.finding.severity] ||
        b.weight - a.weight ||
        (a.finding.id < b.finding.id ? -1 : 1),
    )
    .map(({ finding }) => finding);
}
