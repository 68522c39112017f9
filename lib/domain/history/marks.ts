import type { HistoryMark } from '@/lib/contract/history';
import type { HistoryJump } from '@/lib/store/history';
import type { Operation } from '@/lib/store/operations';
import type { Interval } from './intervals';

type Jump = Extract<HistoryMark, { kind: 'jump' }>;

/** Members take over a new offset within some seconds of each other, and after the reset that wrote it. */
const TOGETHER_MS = 60_000;
const AFTER_RESET_MS = 120_000;

/** Jobs that began in the range, and jumps of offsets with the reset that they came of, oldest first. */
export function marksOf(jobs: readonly Operation[], jumps: readonly HistoryJump[], range: Interval): HistoryMark[] {
  const isWithin = ({ at }: { at: number }) => at >= range.from && at < range.to;
  const done = jobs.map((job): HistoryMark => {
    const { id, kind: jobKind, state, endedAt } = job;
    return { kind: 'job', at: beganAt(job), endedAt, id, jobKind, state };
  });
  return [...done, ...together(jumps, jobs)].filter(isWithin).sort((a, b) => a.at - b.at);
}

const beganAt = ({ startedAt, createdAt }: Operation) => startedAt ?? createdAt;

function together(jumps: readonly HistoryJump[], jobs: readonly Operation[]): Jump[] {
  const marks: (Jump & { lastAt: number })[] = [];
  for (const { at, topic, direction, queues, messages } of jumps) {
    const same = marks.findLast(
      (mark) => mark.topic === topic && mark.direction === direction && at - mark.lastAt <= TOGETHER_MS,
    );
    if (same) {
      same.queues += queues;
      same.messages += messages;
      same.lastAt = at;
    } else {
      const jobId = jobs.find((job) => isResetOf(job, topic, at))?.id ?? null;
      marks.push({ kind: 'jump', at, topic, direction, queues, messages, jobId, lastAt: at });
    }
  }
  return marks.map(({ lastAt: _, ...mark }) => mark);
}

function isResetOf(job: Operation, topic: string, at: number): boolean {
  const isSame = job.kind === 'reset' && (job.topic === null || job.topic === topic);
  return isSame && at >= beganAt(job) && at <= (job.endedAt ?? at) + AFTER_RESET_MS;
}
