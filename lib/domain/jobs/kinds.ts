import type { JobKind } from '@/lib/contract/jobs';
import { EXPORT_JOB } from '../export/job';
import { HANDLE_JOB, REOPEN_JOB } from '../handled/job';
import { RESET_JOB } from '../offsets/job';
import { PURGE_JOB } from '../purge/job';
import { REDRIVE_JOB } from '../redrive/job';
import { RUN_ONCE_JOB } from '../run-once/job';
import type { AnyJobSpec } from './job-spec';

/** Every kind of job this version can run. */
const KINDS: Partial<Record<JobKind, AnyJobSpec>> = {
  reset: RESET_JOB,
  redrive: REDRIVE_JOB,
  purge: PURGE_JOB,
  handle: HANDLE_JOB,
  reopen: REOPEN_JOB,
  export: EXPORT_JOB,
  'run-once': RUN_ONCE_JOB,
};

export function jobSpec(kind: JobKind): AnyJobSpec {
  const spec = KINDS[kind];
  if (!spec) throw new Error(`No job of kind ${kind} is registered in lib/domain/jobs/kinds.ts.`);
  return spec;
}
