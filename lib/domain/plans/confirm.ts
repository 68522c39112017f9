import { DomainError } from '../errors';

/** Throws UNPROCESSABLE `confirm_missing` or `confirm_mismatch` unless what was typed is what the plan asks for. */
export function requireConfirmation(required: string | null, typed: string | undefined): void {
  if (required === null || typed === required) return;
  if (typed === undefined || typed === '') throw new DomainError('UNPROCESSABLE', 'confirm_missing', { required });
  throw new DomainError('UNPROCESSABLE', 'confirm_mismatch', { typed, required });
}
