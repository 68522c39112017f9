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

/** Everything that asks for a person's attention, worst first. */
export function findingsOf(snapshot: Snapshot, jobs: OverviewJobs, ledgers: Ledgers, now: number): RankedFinding[] {
  const weight = ({ size, ageMs }: RankedFinding) => Math.max(1, size) * Math.max(1, ageMs);
  return [...brokerFindings(snapshot, now), ...groupFindings(snapshot, ledgers, now), ...jobFindings(jobs, now)].sort(
    (a, b) => SEVERITIES[a.severity] - SEVERITIES[b.severity] || weight(b) - weight(a) || (a.id < b.id ? -1 : 1),
  );
}
