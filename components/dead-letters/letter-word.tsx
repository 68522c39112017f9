'use client';
import { type Look, Status } from '@/components/shared/status-word';
import type { LetterState } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';

export const LETTER_LOOK = {
  expired: { tone: 'crit', icon: 'expired' },
  dead: { tone: 'crit', icon: 'dead' },
  redriving: { tone: 'info', icon: 'redriving' },
  redriven: { tone: 'viol', icon: 'redriven' },
  consumed: { tone: 'ok', icon: 'consumed' },
  dead_again: { tone: 'crit', icon: 'dead-again' },
  handled: { tone: 'mute', icon: 'handled' },
  unknown: { tone: 'warn', icon: 'unknown' },
} as const satisfies Record<LetterState, Look>;

/** Ledger word of a letter; the tooltip says what it rests on. */
export function LetterWord({
  state,
  isPaused = false,
  chip = false,
}: {
  state: LetterState;
  /** The job that has it is paused. */
  isPaused?: boolean;
  chip?: boolean;
}) {
  const t = useT('dead-letters');
  const words = useT('status');
  const because = isPaused && state === 'redriving' ? 'redrivingPaused' : state;
  return (
    <Status {...LETTER_LOOK[state]} chip={chip} because={t(`because.${because}`)}>
      {words(`letter.${state}`)}
    </Status>
  );
}
