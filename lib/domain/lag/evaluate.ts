import type { Sample, StatusWord } from '../snapshot/snapshot';

export interface Verdict {
  status: StatusWord;
  rule: { key: string; params: Record<string, string | number> };
}

export interface QueueWindow {
  /** Oldest first, the present last. */
  samples: readonly Sample[];
  rewound: { from: number; at: number } | null;
  /** A member holds the queue; null = not known, which counts as holding. */
  isHeld: boolean | null;
}

const MIN_SAMPLES = 4;
const MAX_SAMPLES = 10;
const MIN_SPAN_MS = 30_000;

/** Worst first. UNKNOWN is worse than OK: nothing unseen is healthy. */
export const WORST_FIRST: readonly StatusWord[] = [
  'STALLED',
  'STOPPED',
  'NO_MEMBERS',
  'WARN',
  'REWOUND',
  'FROZEN',
  'UNKNOWN',
  'OK',
];
export const severityOf = (status: StatusWord): number => WORST_FIRST.length - WORST_FIRST.indexOf(status);

const verdict = (status: StatusWord, key: string, params: Record<string, string | number> = {}): Verdict => ({
  status,
  rule: { key, params },
});

/**
 * Status of one queue over its last samples; the first rule that holds wins. After Burrow's evaluation,
 * adapted to a broker that tells no commit times.
 */
export function evaluateQueue({ samples: kept, rewound, isHeld }: QueueWindow): Verdict {
  const samples = kept.slice(-MAX_SAMPLES);
  const newest = samples.at(-1);
  const oldest = samples[0];
  if (!newest || !oldest) return verdict('UNKNOWN', 'too_few_samples', { seconds: MIN_SPAN_MS / 1000 });
  const span = newest.at - oldest.at;
  if (samples.length < MIN_SAMPLES || span < MIN_SPAN_MS) {
    const seconds = Math.max(1, Math.ceil((MIN_SPAN_MS - span) / 1000));
    return verdict('UNKNOWN', 'too_few_samples', { seconds });
  }
  const lag = lagOf(newest);
  if (lag === 0) return verdict('OK', 'no_lag');
  if (rewound && newest.committed < rewound.from) {
    return verdict('REWOUND', 'rewound', { from: rewound.from, offset: newest.committed, lag });
  }
  if (samples.some((sample) => lagOf(sample) === 0)) return verdict('OK', 'caught_up_in_window');
  const total = samples.length;
  if (samples.every(({ committed }) => committed === newest.committed)) {
    const params = { samples: total, total, offset: newest.committed, lag };
    return isHeld === false ? verdict('STOPPED', 'stopped', params) : verdict('STALLED', 'stalled', params);
  }
  const neverShrank = samples.every(
    (sample, index) => index === 0 || lagOf(sample) >= lagOf(samples[index - 1] ?? sample),
  );
  if (neverShrank) return verdict('WARN', 'never_shrank', { from: lagOf(oldest), lag, samples: total });
  return verdict('OK', 'shrinking', { lag });
}

/** A queue's verdict, and where the queue is. */
export type QueueVerdict = Verdict & { topic?: string; broker?: string; queueId?: number; isRetry?: boolean };

/** Facts about the group that come before any queue. */
export interface GroupState {
  consumeEnabled: boolean;
  isBroadcast: boolean;
  lag: number | null;
  /** Null when no broker can know. */
  members: number | null;
  /** Something of the group could not be read. */
  isPartial: boolean;
}

/**
 * FROZEN, then NO_MEMBERS, then the worst queue: of equals a business topic's and the one with most lag, which the rule then names. A group
 * with nothing to read is OK only when all of it is known.
 */
export function evaluateGroup(state: GroupState, queues: readonly QueueVerdict[]): Verdict {
  if (!state.consumeEnabled) {
    return state.lag === null
      ? verdict('FROZEN', 'frozen_lag_unknown')
      : verdict('FROZEN', 'frozen', { lag: state.lag });
  }
  if (state.isBroadcast) return verdict('UNKNOWN', 'broadcast');
  if (state.members === 0 && (state.lag ?? 0) > 0) return verdict('NO_MEMBERS', 'no_members', { lag: state.lag ?? 0 });
  let worst: QueueVerdict | undefined;
  for (const queue of queues) if (!worst || weightOf(queue) > weightOf(worst)) worst = queue;
  if (worst && severityOf(worst.status) > severityOf('UNKNOWN')) return named(worst);
  if (state.isPartial) return verdict('UNKNOWN', 'not_all_known');
  return worst ? { status: worst.status, rule: worst.rule } : verdict('OK', 'nothing_to_read');
}

/** Severity; then business topics before retries; then lag. */
function weightOf({ status, rule, isRetry }: QueueVerdict): number {
  const lag = typeof rule.params.lag === 'number' ? rule.params.lag : 0;
  return 2 * severityOf(status) + (isRetry ? 0 : 1) + lag / (lag + 1);
}

/** The rule with the name of the queue it holds for. */
function named({ status, rule, topic, broker, queueId, isRetry }: QueueVerdict): Verdict {
  if (broker === undefined || queueId === undefined) return { status, rule };
  const queue = isRetry ? `${topic} ${broker}/${queueId}` : `${broker}/${queueId}`;
  return { status, rule: { key: rule.key, params: { ...rule.params, queue } } };
}

/** Never negative: an offset beyond the end happens after a topic was created again. */
export const lagOf = ({ committed, max }: { committed: number; max: number }): number => Math.max(0, max - committed);

/** Ten ticks, newest last: advance since the sample before; null where there is none. */
export function tapeOf(samples: readonly Pick<Sample, 'committed'>[], ticks = 10): (number | null)[] {
  const tape: (number | null)[] = new Array(ticks).fill(null);
  for (let back = 0; back < ticks; back++) {
    const sample = samples.at(-1 - back);
    const before = samples.at(-2 - back);
    if (sample && before && samples.length > back + 1) tape[ticks - 1 - back] = sample.committed - before.committed;
  }
  return tape;
}
