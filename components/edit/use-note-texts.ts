import { useMemo } from 'react';
import { useT } from '@/lib/i18n/use-t';

/** Notes of the plan: those of an edit, and for the rest those of any redrive. */
export function useNoteTexts(): unknown {
  const edit = useT('edit');
  const redrive = useT('redrive');
  return useMemo(() => {
    const of = (key: string) => (edit.has(key as never) ? edit : redrive);
    return Object.assign((key: string, params?: object) => of(key)(key as never, params as never), {
      has: (key: string) => of(key).has(key as never),
    });
  }, [edit, redrive]);
}
