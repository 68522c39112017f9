import type { ResetPlan } from '@/lib/contract/plans';

type Queue = ResetPlan['queues'][number];

/** Would anything be written? A queue without a recorded offset gets one. */
export const isChanged = ({ committedOffset, targetOffset }: Queue): boolean => committedOffset !== targetOffset;
export const changeOf = ({ replay, skip }: Queue): number => Math.max(replay, skip);
