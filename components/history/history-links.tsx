'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import { Icon } from '@/components/ui/icon';
import type { HistoryMark } from '@/lib/contract/history';
import { type Entry, type History, shareOf } from '@/lib/format/history';
import { useT } from '@/lib/i18n/use-t';

type Job = Extract<HistoryMark, { kind: 'job' }>;
export const ICON = {
  redrive: 'redrive',
  purge: 'dead',
  reset: 'reset',
  handle: 'handled',
  reopen: 'edit',
  export: 'download',
  'run-once': 'play',
} as const;

/** Jobs where they lie on the axis; over the picture and not in it, since they can be followed. */
export function HistoryLinks({
  history,
  entries,
  right,
}: {
  history: History;
  entries: readonly Entry[];
  right: number;
}) {
  const jobs = entries.flatMap((entry) => ('mark' in entry && entry.mark.kind === 'job' ? [entry.mark] : []));
  return (
    <div
      className="pointer-events-none absolute inset-y-0 left-0"
      ref={(node) => node?.style.setProperty('right', `${right}px`)}
    >
      {jobs.map((job, index) => (
        <JobLink key={job.id} job={job} share={shareOf(history, job.at)} level={levelOf(history, jobs, index)} />
      ))}
    </div>
  );
}

/** Nearer than this to the one before, of the length of the axis: the next one lies below it. */
const NEAR = 0.08;
const LEVELS = 4;
function levelOf(history: History, jobs: readonly Job[], index: number): number {
  let level = 0;
  for (let at = index; at > 0; at--) {
    const [job, before] = [jobs[at], jobs[at - 1]];
    if (!job || !before || shareOf(history, job.at) - shareOf(history, before.at) > NEAR) break;
    level += 1;
  }
  return level % LEVELS;
}

function JobLink({ job, share, level }: { job: Job; share: number; level: number }) {
  const t = useT('history');
  const jobs = useT('jobs');
  const f = useFormat();
  const place = (node: HTMLAnchorElement | null) => {
    node?.style.setProperty('top', `${level * 28}px`);
    node?.style.setProperty('left', `calc(${(share * 100).toFixed(2)}% - 12px)`);
  };
  const words = t('openJob', {
    kind: jobs(`kind.${job.jobKind}`),
    time: f.time(job.at),
    state: jobs(`state.${job.state}` as 'state.DONE'),
  });
  return (
    <ClusterLink
      ref={place}
      className="pointer-events-auto absolute grid h-[24px] w-[24px] place-items-center rounded-full border border-line-strong bg-surface text-fg-2"
      href={`/jobs/${job.id}`}
      aria-label={words}
      data-tip={words}
    >
      <Icon name={ICON[job.jobKind]} size={14} />
    </ClusterLink>
  );
}
