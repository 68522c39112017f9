import { useCallback } from 'react';
import { useCause } from '@/components/shared/use-cause';
import { useFormat } from '@/components/shared/use-format';
import type { JobItem, JobSummary } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { outcomeAt } from './outcome-looks';

/** What proves an outcome, in one line. */
export function useEvidence(): (job: Pick<JobSummary, 'kind' | 'state'>, item: JobItem) => string {
  const t = useT('jobs');
  const offsets = useT('offsets');
  const f = useFormat();
  const causeOf = useCause();
  return useCallback(
    ({ kind, state }, { evidence, state: outcome }) => {
      const number = (name: string) => {
        const value = evidence[name];
        return typeof value === 'number' ? f.count(value) : t('evidence.none');
      };
      const text = (name: string) => (evidence[name] === null ? '' : String(evidence[name] ?? ''));
      const remark = causeOf(evidence.cause, evidence)?.text ?? text('remark');
      if (kind === 'reset') {
        const result = `reset_result.${text('result')}` as never;
        return [
          t('evidence.reset', {
            before: number('committedBefore'),
            target: number('targetOffset'),
            now: number('nowOffset'),
          }),
          text('result') && offsets.has(result) ? offsets(result) : text('result'),
          remark,
        ]
          .filter(Boolean)
          .join('; ');
      }
      if (kind === 'redrive') {
        const reason = `reasons.${text('reason')}` as never;
        return [
          outcomeAt(state, outcome) === 'INTENT_AT_REST' ? t('outcome_notes.INTENT_AT_REST') : '',
          text('reason') && t.has(reason)
            ? t(reason, { code: text('code'), job: text('earlierJob') } as never)
            : text('reason'),
          evidence.queueOffset === null
            ? ''
            : t('evidence.stored', {
                topic: text('topic'),
                queue: `${text('broker')}/${text('queueId')}`,
                offset: number('queueOffset'),
              }),
          remark,
        ]
          .filter(Boolean)
          .join('; ');
      }
      if (kind === 'purge' && evidence.error === undefined) {
        const { raceMs, hasTopic, sha256, returned } = evidence;
        return [
          typeof sha256 === 'string'
            ? t('step_evidence.file', { count: number('count'), sha: sha256.slice(0, 12) })
            : '',
          typeof raceMs === 'number' ? t('step_evidence.raceMs', { ms: f.duration(raceMs) }) : '',
          hasTopic === undefined
            ? ''
            : t(hasTopic === 0 ? 'step_evidence.gone' : 'step_evidence.still', { offset: number('maxOffset') }),
          typeof returned === 'number' ? t('step_evidence.returned', { n: returned, count: number('returned') }) : '',
          evidence.code === undefined ? '' : t('step_evidence.code', { code: text('code'), remark }),
        ]
          .filter(Boolean)
          .join('; ');
      }
      return Object.entries(evidence)
        .filter(([name, value]) => value !== null && value !== '' && name !== 'action' && !name.endsWith('At'))
        .map(([name, value]) => `${name} ${typeof value === 'number' ? f.count(value) : value}`)
        .join(', ');
    },
    [t, offsets, f, causeOf],
  );
}
