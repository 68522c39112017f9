import 'server-only';
import { DomainError } from '@/lib/domain/errors';

/** Of what the library throws only codes are looked at: causes hold codes and tokens, and a build shortens names of classes. */
interface Thrown {
  name?: string;
  code?: string;
  error?: string;
  cause?: unknown;
}

/** The provider could not be asked, or is none. */
export function problemOfProvider(thrown: unknown, issuer: string): DomainError {
  if (thrown instanceof DomainError) return thrown;
  return isSilence(thrown as Thrown)
    ? new DomainError('UNAVAILABLE', 'oidc_unreachable', { issuer })
    : new DomainError('UNAVAILABLE', 'oidc_unusable', { issuer, problem: codeOf(thrown as Thrown) });
}

/** What somebody came back with did not let him in. */
export function problemOfAnswer(thrown: unknown, issuer: string): DomainError {
  if (thrown instanceof DomainError) return thrown;
  const { code, error } = thrown as Thrown;
  if (code === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR')
    return error === 'access_denied'
      ? new DomainError('FORBIDDEN', 'oidc_cancelled', { issuer })
      : new DomainError('FORBIDDEN', 'oidc_refused', { issuer, error: wordOf(error) });
  if (code === 'OAUTH_RESPONSE_BODY_ERROR')
    return error === 'invalid_grant'
      ? new DomainError('FORBIDDEN', 'oidc_code', { issuer })
      : new DomainError('FORBIDDEN', 'oidc_client', { issuer, error: wordOf(error) });
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return new DomainError('FORBIDDEN', 'oidc_clock', { issuer });
  if (isSilence(thrown as Thrown)) return new DomainError('UNAVAILABLE', 'oidc_unreachable', { issuer });
  return new DomainError('FORBIDDEN', 'oidc_token', { issuer, problem: codeOf(thrown as Thrown) });
}

/** `fetch` itself fails with a TypeError, which the library passes on. */
const isSilence = ({ name, code }: Thrown): boolean =>
  (name === 'TypeError' && code === undefined) || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT';

/** `JWT_CLAIM_COMPARISON_FAILED aud`. */
function codeOf({ code, cause }: Thrown): string {
  const inner = (cause as Thrown | undefined)?.cause as { claim?: unknown } | undefined;
  const claim = typeof inner?.claim === 'string' ? ` ${wordOf(inner.claim)}` : '';
  return (code ?? 'other').replace(/^OAUTH_/, '') + claim;
}

/** Comes from outside. */
const wordOf = (text: string | undefined): string => (text && /^[\w.-]{1,60}$/.test(text) ? text : 'other');
