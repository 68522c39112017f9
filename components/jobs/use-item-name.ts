import { useCallback } from 'react';
import type { JobItem, JobKind } from '@/lib/contract/jobs';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';

/** What an item is called in a list: the id of a message, a queue, the step of a purge in words. */
export function useItemName(): (kind: JobKind, item: JobItem) => string {
  const t = useT('jobs');
  return useCallback(
    (kind, { label, evidence }) => {
      if (kind === 'reset') return label.split(' ').at(-1) ?? label;
      const step = `step.${evidence.action}` as never;
      if (kind === 'purge' && t.has(step)) return t(step, { on: String(evidence.on ?? '') } as never);
      return shortId(label, 12, 12);
    },
    [t],
  );
}
