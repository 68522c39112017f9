import type { StatusWord } from '@/lib/contract/groups';

/** Age of what waits takes the colour of its status only where somebody must act; healthy looks flat. */
export const TONE_OF_AGE: Partial<Record<StatusWord, 'crit' | 'warn'>> = {
  STALLED: 'crit',
  STOPPED: 'crit',
  NO_MEMBERS: 'crit',
  WARN: 'warn',
};
