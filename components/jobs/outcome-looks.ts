import type { BarTone } from '@/components/shared/meter';
import type { Look, Tone } from '@/components/shared/status-word';
import type { JobState, JobSummary } from '@/lib/contract/jobs';

/** Journal words of all kinds of jobs, in the order of the account: good first, then open, then bad, then left out, then waiting. */
const LOOKS: Readonly<Record<string, Look>> = {
  CONSUMED: { tone: 'ok', icon: 'consumed' },
  APPLIED_THEN_MOVED: { tone: 'ok', icon: 'consumed' },
  APPLIED: { tone: 'ok', icon: 'ok' },
  VERIFIED: { tone: 'ok', icon: 'consumed' },
  DONE: { tone: 'ok', icon: 'consumed' },
  PURGED: { tone: 'ok', icon: 'consumed' },
  DELETED: { tone: 'ok', icon: 'consumed' },
  EXPORTED: { tone: 'ok', icon: 'download' },
  HANDLED: { tone: 'ok', icon: 'handled' },
  REOPENED: { tone: 'ok', icon: 'undo' },
  CR_SUCCESS: { tone: 'ok', icon: 'consumed' },
  CR_COMMIT: { tone: 'ok', icon: 'consumed' },
  CONFIRMED: { tone: 'viol', icon: 'redriven' },
  WRITTEN: { tone: 'info', icon: 'redriving' },
  STORED_UNCERTAIN: { tone: 'warn', icon: 'redriven' },
  DUPLICATED: { tone: 'warn', icon: 'warning' },
  UNKNOWN: { tone: 'warn', icon: 'unknown' },
  MAYBE_RUN: { tone: 'warn', icon: 'unknown' },
  NEEDS_DECISION: { tone: 'warn', icon: 'warning' },
  OVERRIDDEN: { tone: 'warn', icon: 'warning' },
  UNVERIFIED: { tone: 'warn', icon: 'unknown' },
  FAILED_AGAIN: { tone: 'warn', icon: 'retries' },
  DEAD_AGAIN: { tone: 'crit', icon: 'dead-again' },
  CR_THROW_EXCEPTION: { tone: 'crit', icon: 'dead' },
  CR_LATER: { tone: 'crit', icon: 'dead' },
  CR_RETURN_NULL: { tone: 'crit', icon: 'dead' },
  CR_ROLLBACK: { tone: 'crit', icon: 'dead' },
  NOT_RUN: { tone: 'crit', icon: 'skipped' },
  REJECTED: { tone: 'crit', icon: 'dead' },
  FAILED: { tone: 'crit', icon: 'dead' },
  EXPIRED: { tone: 'crit', icon: 'expired' },
  REMAINING: { tone: 'warn', icon: 'warning' },
  ALREADY_REDRIVEN: { tone: 'mute', icon: 'skipped' },
  SKIPPED: { tone: 'mute', icon: 'skipped' },
  SKIPPED_BY_CANCEL: { tone: 'mute', icon: 'skipped' },
  INTENT_AT_REST: { tone: 'warn', icon: 'unknown' },
  INTENT: { tone: 'info', icon: 'redriving' },
  RUNNING: { tone: 'info', icon: 'redriving' },
  SELECTED: { tone: 'mute', icon: 'waiting' },
  PENDING: { tone: 'mute', icon: 'waiting' },
};
const ORDER = Object.keys(LOOKS);
const WAITING: ReadonlySet<string> = new Set(['SELECTED', 'PENDING', 'INTENT', 'INTENT_AT_REST', 'RUNNING', 'WRITTEN']);
const BAR: Record<Tone, BarTone> = { ok: 'ok', viol: 'viol', warn: 'warn', crit: 'crit', info: 'info', mute: 'mute' };

/** Of a job that nobody works on, a copy under way is one whose outcome has yet to be looked up. */
export const outcomeAt = (state: JobState, name: string): string =>
  name === 'INTENT' && !MOVING.has(state) ? 'INTENT_AT_REST' : name;
const MOVING: ReadonlySet<JobState> = new Set(['QUEUED', 'RUNNING', 'VERIFYING']);

export const outcomeLook = (name: string): Look => LOOKS[name] ?? { tone: 'mute', icon: 'unknown' };

export type OutcomeCount = { name: string; count: number; look: Look };
/** Outcomes that occur, in the order of the account. */
export const outcomesInOrder = (outcomes: Record<string, number>): OutcomeCount[] =>
  Object.entries(outcomes)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => ({ name, count, look: outcomeLook(name) }))
    .sort((a, b) => place(a.name) - place(b.name));
const place = (name: string) => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);

export const isWaiting = (name: string): boolean => WAITING.has(name);
/** How many have an outcome. */
export const settledOf = (outcomes: Record<string, number>): number =>
  Object.entries(outcomes).reduce((sum, [name, count]) => sum + (isWaiting(name) ? 0 : count), 0);
/** How many need a look. */
export const exceptionsOf = (outcomes: Record<string, number>): number =>
  outcomesInOrder(outcomes).reduce(
    (sum, { name, count, look }) =>
      sum + (look.tone === 'crit' || look.tone === 'warn' || (look.tone === 'mute' && !isWaiting(name)) ? count : 0),
    0,
  );
/** Null: nothing needs a look. */
export const worstExceptionTone = (outcomes: Record<string, number>): 'crit' | 'warn' | null => {
  if (exceptionsOf(outcomes) === 0) return null;
  return outcomesInOrder(outcomes).some(({ look }) => look.tone === 'crit') ? 'crit' : 'warn';
};
/** Everything is written or sent; what comes of it is being looked at. */
export const isWatching = ({ state, kind, outcomes, total }: JobSummary): boolean =>
  state === 'VERIFYING' && (kind === 'reset' || kind === 'redrive') && settledOf(outcomes) >= total;
/** Marks and exports keep their account in one sum. */
export const hasItems = ({ kind }: JobSummary): boolean => kind === 'redrive' || kind === 'reset' || kind === 'purge';
export const barParts = (outcomes: Record<string, number>) =>
  outcomesInOrder(outcomes)
    .filter(({ name }) => name !== 'SELECTED' && name !== 'PENDING')
    .map(({ name, count, look }) => ({ id: name, value: count, tone: BAR[look.tone] }));
