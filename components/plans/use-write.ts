import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isConfirmed } from '@/components/shared/confirm';
import type { JobSummary } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { startJob } from '@/lib/queries/jobs';

const REASON_MIN = 3;

type PlanLike = { token: string; confirm: string | null; refused: unknown; cluster: string };

/** 128 random bits; `randomUUID` is missing where the console is read over plain HTTP from another host. */
const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Plan, reason, confirmation, start: the state of every dialog and step that writes. One idempotency key per opening. */
export function useWrite<P extends PlanLike>(
  plan: UseQueryResult<P, ApiProblem>,
  onStarted: (job: JobSummary) => void,
) {
  const t = useT('jobs');
  const client = useQueryClient();
  const [key] = useState(newKey);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [touched, setTouched] = useState(false);
  const start = useMutation<JobSummary, ApiProblem, Parameters<typeof startJob>[0]>({
    mutationFn: (input) => startJob(input, key),
    onSuccess: (job) => {
      void client.invalidateQueries({ queryKey: ['jobs'] });
      onStarted(job);
    },
    onError: (problem) => {
      if (problem.code === 'plan_stale' || problem.code === 'plan_required') void plan.refetch();
    },
  });
  const ready = plan.isPlaceholderData || plan.isError ? undefined : plan.data;
  const isFieldsDone = reason.trim().length >= REASON_MIN;
  const missing = !ready
    ? plan.isError
      ? t('write.missing.planFailed')
      : t('write.missing.plan')
    : ready.refused
      ? t('write.missing.refused')
      : !isFieldsDone
        ? t('write.missing.reason')
        : ready.confirm !== null && !isConfirmed(typed, ready.confirm)
          ? t('write.missing.confirm')
          : null;
  const press = () => {
    setTouched(true);
    if (start.isPending) return;
    // No answer came: only the very same request can find out whether the job was started.
    if (start.error?.status === 0 && start.variables) return start.mutate(start.variables);
    if (missing !== null || !ready) return;
    const { cluster, token, confirm } = ready;
    start.mutate({ cluster, token, reason: reason.trim(), ...(confirm === null ? {} : { confirm }) });
  };
  return {
    plan,
    reason,
    setReason,
    typed,
    setTyped,
    touched,
    missing,
    press,
    busy: start.isPending,
    problem: start.error,
    isStale: start.error?.code === 'plan_stale' || start.error?.code === 'plan_required',
  };
}
export type Write = Pick<
  ReturnType<typeof useWrite>,
  'reason' | 'setReason' | 'typed' | 'setTyped' | 'touched' | 'missing' | 'press' | 'busy' | 'problem' | 'isStale'
>;
