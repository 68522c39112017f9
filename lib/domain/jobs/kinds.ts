import type { JobKind } from '@/lib/contract/jobs';
import { RESET_JOB } from '../offsets/job';
import type { AnyJobSpec } from './job-spec';

/** Every kind of job this version can run. */
const KINDS: Partial<Record<JobKind, AnyJobSpec>> = {
  reset: RESET_JOB,
};

export function jobSpec(kind: JobKind): AnyJobSpec {
  const spec = KINDS[kind];
  if (!spec) throw new Error(`No job of kind ${kind} is registered in lib/domain/jobs/kinds.ts.`);
  return spec;
}
