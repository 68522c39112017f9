import { StoreError } from '@/lib/store/errors';
import { DomainError } from '../errors';

/** What a store that cannot be written means to whoever needs a record first: UNAVAILABLE `audit_unavailable`. Our own mistakes stay as they are. */
export function unavailable(error: unknown): unknown {
  if (!(error instanceof StoreError) || error.code === 'QUERY' || error.code === 'CONSTRAINT') return error;
  const wrapped = new DomainError('UNAVAILABLE', 'audit_unavailable');
  wrapped.cause = error;
  return wrapped;
}
