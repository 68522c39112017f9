'use client';
import { useMemo } from 'react';
import type { TimelineEvent } from '@/components/shared/timeline';
import { useFormat } from '@/components/shared/use-format';
import type { TraceReply } from '@/lib/contract/trace';
import { useT } from '@/lib/i18n/use-t';
import { attemptLook, groupAttempts } from './attempt-runs';
import { attemptTime } from './attempt-time';

/** Attempts of a group as events; a run of alike failures in the middle is one line. */
export function useAttemptEvents(group: TraceReply['groups'][number] | undefined): TimelineEvent[] {
  const t = useT('trace');
  const f = useFormat();
  return useMemo(() => {
    if (!group) return [];
    return groupAttempts(group.attempts).map(({ first, last, waits, clients, costMs }) => {
      const isRun = first !== last;
      const isDead = last.next.kind === 'dead';
      const detail = [
        costMs === null ? null : costMs === 0 ? t('costUnderMs') : t('cost', { cost: f.duration(costMs) }),
        waits.length === 0
          ? null
          : isRun
            ? t('waits', { least: f.duration(Math.min(...waits)), most: f.duration(Math.max(...waits)) })
            : t('wait', { wait: f.duration(waits[0] ?? 0) }),
        clients.length === 0
          ? null
          : clients.length === 1
            ? t('onClient', { client: clients[0] ?? '' })
            : t('onClients', { n: clients.length, count: f.count(clients.length) }),
        last.source === 'stored' ? t('fromCopies') : null,
      ].filter((part) => part !== null);
      return {
        id: String(first.attempt),
        time: attemptTime({ first, last }, t, f, isRun ? 'minute' : 'second'),
        ...attemptLook(last.result),
        title: isRun
          ? t(`run.${last.result}`, { from: first.attempt, to: last.attempt })
          : t(`attempt.${isDead ? 'dead' : last.result}`, { attempt: first.attempt }),
        detail: detail.join(t('comma')),
      };
    });
  }, [group, t, f]);
}
