import type { JobDetail } from '@/lib/contract/jobs';
import type { Ctx } from '../ctx';
import type { WholeFile } from './whole-file';

/** How long a file that a job wrote stays in the data folder. */
export const FILE_KEPT_MS = 30 * 24 * 3_600_000;

/** The same on every system; the group's own name stands in each record. */
export const fileName = (what: 'dlq' | 'redrive', group: string, operationId: string, ending: string): string =>
  `${what}-${group.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 80)}-${operationId}${ending}`;

/** As the job's result names it. */
export const fileOf = (
  ctx: Pick<Ctx, 'now'>,
  { name, bytes, sha256, count }: WholeFile & { count: number },
): NonNullable<JobDetail['file']> => ({ name, bytes, sha256, count, expiresAt: ctx.now() + FILE_KEPT_MS });
