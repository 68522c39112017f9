'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import type { TraceReply } from '@/lib/contract/trace';
import { useT } from '@/lib/i18n/use-t';
import type { TraceAttempt, TraceGroup } from './attempt-runs';
import { ChartRow, Grid, PointRow } from './chart-row';
import { noteOf } from './note-of';
import type { Scale } from './scale';

const FILL = { success: 'fo', running: 'fin', unknown: 'fw' } as Partial<Record<TraceAttempt['result'], string>>;

/** Attempts of one group as bars, waits between them hatched, the end marked. */
export function GroupRow({ group, reply, scale }: { group: TraceGroup; reply: TraceReply; scale: Scale }) {
  const t = useT('trace');
  const f = useFormat();
  const note = noteOf(group, t);
  const n = group.attempts.length;
  const state = t(`groupState.${group.state}`);
  const sub = n > 1 ? t('attemptsAnd', { n, count: f.count(n), state }) : state;
  const label = (
    <ClusterLink className="nm" href="/groups/detail" params={{ group: group.group }}>
      {group.group}
    </ClusterLink>
  );
  const drawn = group.attempts.filter((attempt) => attempt.startedAt !== null);
  const at = reply.stored.find((copy) => copy.topic === reply.topic)?.storedAt ?? scale.from;
  const only = drawn.length === 1 && group.attempts[0]?.result === 'success' ? drawn[0] : undefined;
  if (only)
    return (
      <ChartRow label={label} sub={sub}>
        <PointRow scale={scale} at={only.startedAt ?? at} fill="fo">
          {[
            f.time(only.startedAt ?? at, 'ms'),
            only.costMs === null ? null : only.costMs === 0 ? t('underMs') : f.duration(only.costMs),
            only.client,
          ]
            .filter(Boolean)
            .join(t('comma'))}
        </PointRow>
      </ChartRow>
    );
  if (drawn.length === 0)
    return (
      <ChartRow label={label} sub={sub}>
        <PointRow scale={scale} at={at} fill={group.state === 'passed' ? 'ko' : 'km'} hollow>
          {note ?? state}
        </PointRow>
      </ChartRow>
    );
  return (
    <ChartRow label={label} sub={sub}>
      <Bars group={group} drawn={drawn} scale={scale} label={`${group.group}: ${sub}${note ? `, ${note}` : ''}`} />
    </ChartRow>
  );
}

function Bars({
  group,
  drawn,
  scale,
  label,
}: {
  group: TraceGroup;
  drawn: readonly TraceAttempt[];
  scale: Scale;
  label: string;
}) {
  const t = useT('trace');
  const f = useFormat();
  const percent = (share: number) => `${(share * 100).toFixed(3)}%`;
  let lastLabelAt = Number.NEGATIVE_INFINITY;
  return (
    <svg className="ch h-11" width="100%" height="44" role="img" aria-label={label}>
      <Grid scale={scale} height={44} />
      {drawn.map((attempt, index) => {
        const start = attempt.startedAt ?? scale.from;
        const until = drawn[index + 1]?.startedAt ?? (attempt.next.kind === 'retry' ? attempt.next.at : null);
        if (until === null || until <= start) return null;
        const level = attempt.next.delayLevel;
        return (
          <rect
            key={`wait-${attempt.attempt} ${attempt.startedAt}`}
            x={scale.x(start)}
            width={percent(scale.share(until) - scale.share(start))}
            y="13"
            height="11"
            className="gap"
            data-tip={
              level === null
                ? t('wait', { wait: f.duration(until - start) })
                : t('waitLevel', { wait: f.duration(until - start), level })
            }
          />
        );
      })}
      {drawn.map((attempt, index) => {
        const start = attempt.startedAt ?? scale.from;
        const share = scale.share(start);
        const isLabelled = index === 0 || index === drawn.length - 1 || share - lastLabelAt > 0.045;
        if (isLabelled) lastLabelAt = share;
        const cost = Math.max(0, scale.share(start + (attempt.costMs ?? 0)) - share);
        return (
          <g key={`${attempt.attempt} ${attempt.startedAt}`}>
            <rect
              x={scale.x(start)}
              y="9"
              width={cost > 0.003 ? percent(cost) : '2.5'}
              height="19"
              className={FILL[attempt.result] ?? 'fc'}
              data-tip={[
                t(`attempt.${attempt.result}`, { attempt: attempt.attempt }),
                f.time(start, 'ms'),
                attempt.costMs === null ? null : attempt.costMs === 0 ? t('underMs') : f.duration(attempt.costMs),
                attempt.client,
              ]
                .filter(Boolean)
                .join(t('comma'))}
            />
            {isLabelled ? (
              <text x={scale.x(start)} y="40" textAnchor={index === 0 ? 'start' : 'middle'} className="v">
                {attempt.attempt}
              </text>
            ) : null}
          </g>
        );
      })}
      {group.dead ? (
        <text x={scale.x(group.dead.at)} y="23" transform="translate(8 0)" className="halo fill-crit">
          ✕
        </text>
      ) : null}
      {group.state === 'waiting_retry' && group.dueAt !== null ? (
        <circle cx={scale.x(group.dueAt)} cy="18" r="3.5" className="kw hol" />
      ) : null}
    </svg>
  );
}
