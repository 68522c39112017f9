import type { T } from '@/lib/i18n/use-t';
import type { TraceGroup } from './attempt-runs';

/** What a group's state rests on, in words. */
export const noteOf = (group: TraceGroup, t: T<'trace'>): string | null =>
  group.note ? t(`trace_state.${group.note.key}` as 'trace_state.next', group.note.params as never) : null;
