import type { LettersReply } from '@/lib/contract/dead-letters';

/** The job of the group that is paused: letters that it holds are redriven when somebody resumes it. */
export const pausedJobOf = (reply: Pick<LettersReply, 'activeJob'> | undefined): string | null =>
  reply?.activeJob?.state === 'PAUSED' ? reply.activeJob.id : null;
