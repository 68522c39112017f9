'use client';
import { LetterStateWord } from '@/components/shared/status-word';
import type { LetterState } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';

/** Ledger word of a letter; the tooltip says what it rests on. */
export function LetterWord({ state, chip = false }: { state: LetterState; chip?: boolean }) {
  const t = useT('dead-letters');
  return (
    <LetterStateWord state={state === 'dead_again' ? 'deadAgain' : state} chip={chip} because={t(`because.${state}`)} />
  );
}
