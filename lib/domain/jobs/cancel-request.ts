import type { Operation } from '@/lib/store/operations';

const CANCEL_REQUESTED = 'cancel_requested';

/** A cancel as the journal keeps it: whoever takes the job up again, after a crash too, only brings it to its end. */
export const cancelRequestJson = (by: string): string => JSON.stringify({ key: CANCEL_REQUESTED, params: { by } });

/** Who asked for the end of a job that has not ended yet; null: nobody. */
export function cancelRequestOf({ errorJson }: Pick<Operation, 'errorJson'>): { by: string } | null {
  if (errorJson === null) return null;
  const { key, params } = JSON.parse(errorJson) as { key: string; params?: { by?: string } };
  return key === CANCEL_REQUESTED ? { by: params?.by ?? '' } : null;
}
