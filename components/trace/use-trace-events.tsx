'use client';
import { type ReactNode, useMemo } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Tone } from '@/components/shared/status-word';
import { type Format, useFormat } from '@/components/shared/use-format';
import type { IconName } from '@/components/ui/icon';
import type { TraceReply } from '@/lib/contract/trace';
import { type T, useT } from '@/lib/i18n/use-t';
import { attemptLook, groupAttempts, type TraceGroup } from './attempt-runs';
import { attemptTime } from './attempt-time';
import { GROUP_LOOK, worstFirst } from './group-look';
import { noteOf } from './note-of';

export type TraceEvent = {
  id: string;
  /** For the order; null comes last. */
  at: number | null;
  time: string;
  tone: Tone;
  icon: IconName;
  title: ReactNode;
  evidence: ReactNode;
  /** The evidence where it is cut. */
  plain?: string;
  source: 'trace' | 'broker' | 'journal' | 'offsets';
};

export function useTraceEvents(reply: TraceReply): TraceEvent[] {
  const t = useT('trace');
  const f = useFormat();
  return useMemo(
    () =>
      [
        ...producedEvents(reply, t, f),
        ...storedEvents(reply, t, f),
        ...worstFirst(reply.groups).flatMap((group) => groupEvents(group, t, f)),
      ].sort((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY)),
    [reply, t, f],
  );
}

function producedEvents({ produced }: TraceReply, t: T<'trace'>, f: Format): TraceEvent[] {
  if (!produced) return [];
  const failed = produced.success === false;
  const evidence = [
    produced.group,
    produced.costMs === null ? null : f.duration(produced.costMs),
    produced.type === 'normal' || produced.type === 'unknown' ? null : t(`type.${produced.type}`),
  ]
    .filter(Boolean)
    .join(t('comma'));
  const source = produced.source === 'trace' ? 'trace' : 'broker';
  const sent: TraceEvent = {
    id: 'sent',
    at: produced.at,
    time: f.time(produced.at, 'ms'),
    tone: failed ? 'crit' : 'info',
    icon: failed ? 'dead' : 'arrow-right',
    title: t(failed ? 'events.sendFailed' : 'events.sent', { client: produced.client ?? t('someClient') }),
    evidence,
    plain: evidence,
    source,
  };
  const { transaction } = produced;
  if (!transaction) return [sent];
  const isCommitted = transaction.state.startsWith('COMMIT');
  return [
    sent,
    {
      id: 'transaction',
      at: transaction.at,
      time: f.time(transaction.at, 'ms'),
      tone: isCommitted ? 'ok' : 'warn',
      icon: isCommitted ? 'consumed' : 'unknown',
      title: t('events.transaction', { state: transaction.state }),
      evidence: transaction.fromCheck ? t('events.byCheck') : t('events.byProducer'),
      source: 'trace',
    },
  ];
}

/** What a job sent keeps its mark through every later retry; only the copy without a retry is the redrive itself. */
const isRetryCopy = ({ topic, jobId, reconsumeTimes }: TraceReply['stored'][number]) =>
  topic === 'SCHEDULE_TOPIC_XXXX' || (topic.startsWith('%RETRY%') && (jobId === null || reconsumeTimes > 0));

/** Retry copies are told by the attempts; the others each stand for something that happened. */
function storedEvents({ stored }: TraceReply, t: T<'trace'>, f: Format): TraceEvent[] {
  return stored
    .filter((copy) => !isRetryCopy(copy))
    .map((copy): TraceEvent => {
      const isDead = copy.topic.startsWith('%DLQ%');
      const place = t('events.place', {
        queue: `${copy.broker}/${copy.queueId}`,
        offset: f.count(copy.queueOffset),
      });
      const job = copy.jobId;
      return {
        id: `stored ${copy.id}`,
        at: copy.storedAt,
        time: f.time(copy.storedAt, 'ms'),
        tone: isDead ? 'crit' : job ? 'viol' : 'ok',
        icon: isDead ? 'dead' : job ? 'redrive' : 'consumed',
        title: isDead
          ? t(job ? 'events.deadAgain' : 'events.dead', { group: copy.topic.slice('%DLQ%'.length) })
          : t(job ? 'events.redriven' : 'events.stored', { topic: copy.topic }),
        evidence: (
          <>
            {isDead ? (
              <ClusterLink
                className="link"
                href="/dead-letters/group"
                params={{ group: copy.topic.slice('%DLQ%'.length), letter: copy.id }}
              >
                {place}
              </ClusterLink>
            ) : (
              place
            )}
            {job ? (
              <>
                {t('comma')}
                <ClusterLink className="link" href={`/jobs/${job}`}>
                  {t('events.job', { id: job.slice(-6) })}
                </ClusterLink>
              </>
            ) : null}
          </>
        ),
        plain: place,
        source: job && !isDead ? 'journal' : 'broker',
      };
    });
}

function groupEvents(group: TraceGroup, t: T<'trace'>, f: Format): TraceEvent[] {
  const note = noteOf(group, t);
  const name = group.group;
  const runs = groupAttempts(group.attempts).map(({ first, last, waits, clients, costMs }): TraceEvent => {
    const isRun = first !== last;
    const evidence = [
      costMs === null ? null : costMs === 0 ? t('costUnderMs') : t('cost', { cost: f.duration(costMs) }),
      clients.length > 2
        ? t('onClients', { n: clients.length, count: f.count(clients.length) })
        : clients.join(t('comma')),
      waits.length === 0
        ? null
        : isRun
          ? t('waits', { least: f.duration(Math.min(...waits)), most: f.duration(Math.max(...waits)) })
          : t('wait', { wait: f.duration(waits[0] ?? 0) }),
    ]
      .filter(Boolean)
      .join(t('comma'));
    return {
      id: `${name} ${first.attempt} ${first.startedAt}`,
      at: first.startedAt ?? first.failedBy,
      time: attemptTime({ first, last }, t, f, isRun ? 'second' : 'ms'),
      ...attemptLook(last.result),
      title: t('events.inGroup', {
        group: name,
        event: isRun
          ? t(`run.${last.result}`, { from: first.attempt, to: last.attempt })
          : t(`attempt.${last.result}`, { attempt: first.attempt }),
      }),
      evidence,
      plain: evidence,
      source: last.source === 'trace' ? 'trace' : 'broker',
    };
  });
  const saysMore = group.state !== 'consumed' && group.state !== 'dead';
  if (!saysMore && runs.length > 0) return runs;
  return [
    ...runs,
    {
      id: `${name} state`,
      at: null,
      time: group.dueAt === null ? t('nowWord') : f.time(group.dueAt),
      ...GROUP_LOOK[group.state],
      title: t('events.inGroup', { group: name, event: t(`groupState.${group.state}`) }),
      evidence: note ?? '',
      plain: note ?? '',
      source: 'offsets',
    },
  ];
}
