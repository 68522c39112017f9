'use client';
import { useQuery } from '@tanstack/react-query';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Look } from '@/components/shared/status-word';
import { Timeline } from '@/components/shared/timeline';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { LetterRunsReply } from '@/lib/contract/run-once';
import { useT } from '@/lib/i18n/use-t';
import { letterRunsQuery } from '@/lib/queries/run-once';

type Run = LetterRunsReply['items'][number];
type Props = { cluster: string | undefined; group: string; id: string };

const LOOK: Record<NonNullable<Run['run']>['outcome'], Look> = {
  succeeded: { tone: 'ok', icon: 'consumed' },
  failed: { tone: 'crit', icon: 'dead' },
  not_run: { tone: 'mute', icon: 'skipped' },
  unknown: { tone: 'warn', icon: 'unknown' },
};
const lookOf = ({ run, active }: Run): Look =>
  run ? LOOK[run.outcome] : active ? { tone: 'info', icon: 'redriving' } : LOOK.not_run;

/** When this letter was run once by hand, where, and what came of it. Nothing while it never was. */
export function LetterRuns({ cluster, group, id }: Props) {
  const t = useT('run-once');
  const dead = useT('dead-letters');
  const f = useFormat();
  const line = useRunLine();
  const query = useQuery(letterRunsQuery({ cluster, group, id }));
  const runs = query.data?.items ?? [];
  if (runs.length === 0 && !query.isError) return null;
  return (
    <section>
      <h3 className="h3">
        {t('history.title')} {runs.length > 0 ? <small>{f.count(runs.length)}</small> : null}
      </h3>
      {query.isError ? (
        <p className="small fg2">
          {t('history.failed', { cause: query.error.message })}{' '}
          <button type="button" className="link" onClick={() => void query.refetch()}>
            {t('history.again')}
          </button>
        </p>
      ) : (
        <Timeline
          label={t('history.title')}
          events={runs.map((run) => ({
            id: run.jobId,
            time: <When at={run.at} form="time" />,
            ...lookOf(run),
            title: <span className="[overflow-wrap:anywhere]">{line(run)}</span>,
            detail: (
              <>
                {run.run?.remark ? (
                  <span className="mono block [overflow-wrap:anywhere]">{firstLine(run.run.remark)}</span>
                ) : null}
                {t('history.by', { actor: run.actor, reason: run.reason })}{' '}
                <ClusterLink className="link" href={`/jobs/${run.jobId}`}>
                  {dead('byJob', { id: run.jobId.slice(-6) })}
                </ClusterLink>
              </>
            ),
          }))}
        />
      )}
    </section>
  );
}

function useRunLine(): (run: Run) => string {
  const t = useT('run-once');
  const jobs = useT('jobs');
  return ({ run, active, clientId: client }) => {
    if (!run) return active ? t('history.going', { client }) : t('history.none', { client });
    if (run.outcome === 'unknown') return t('history.maybe', { client });
    if (run.outcome === 'not_run') return t('history.not', { client });
    return t('history.line', { client, result: jobs(`outcomes.${run.consumeResult as 'CR_SUCCESS'}`) });
  };
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 200) ?? '';
