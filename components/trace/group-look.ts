import type { Look } from '@/components/shared/status-word';
import type { TraceGroup } from './attempt-runs';

/** Worst first. */
export const GROUP_LOOK: Record<TraceGroup['state'], Look> = {
  dead: { tone: 'crit', icon: 'dead' },
  offline: { tone: 'crit', icon: 'no-members' },
  retry_due: { tone: 'warn', icon: 'waiting' },
  waiting_retry: { tone: 'warn', icon: 'waiting' },
  not_yet: { tone: 'info', icon: 'waiting' },
  unknown: { tone: 'warn', icon: 'unknown' },
  passed: { tone: 'ok', icon: 'consumed' },
  broadcast: { tone: 'mute', icon: 'note' },
  filtered: { tone: 'mute', icon: 'filter' },
  consumed: { tone: 'ok', icon: 'consumed' },
};
const ORDER = Object.keys(GROUP_LOOK);

export const worstFirst = (groups: readonly TraceGroup[]): TraceGroup[] =>
  [...groups].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (a.group < b.group ? -1 : 1));
