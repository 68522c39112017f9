import 'server-only';
import { createHash } from 'node:crypto';
import { type Asker, guestAt } from './asker';
import { cookieOf } from './cookies';
import { runtime } from './runtime';
import { authenticate, type Caller, type Credentials, sessionCookie } from './session';

export interface Admitted {
  /** Null: nobody who has signed in. */
  caller: Caller | null;
  /** Whose limits it counts for. */
  asker: Asker;
}

/**
 * Who asks, and whether that is not too often. Of whoever is known from a moment ago that is told before the store is
 * asked; a credential that is not known yet is looked up first, so that nobody else's requests count for its owner.
 * `LimitReached`.
 */
export async function admit(info: Credentials, weight = 1): Promise<Admitted> {
  const { limits } = runtime();
  const credential = credentialOf(info);
  const known = credential === null ? guestAt(info.ip) : limits.ownerOf(credential);
  if (known !== undefined) limits.count(known, weight);
  const caller = credential === null ? null : await authenticate(info);
  if (known !== undefined) return { caller, asker: known };
  if (caller && credential) limits.remember(credential, caller.actor.id);
  const asker = caller?.actor.id ?? guestAt(info.ip);
  limits.count(asker, weight);
  return { caller, asker };
}

/** Of what `authenticate` goes by, only the hash is kept. */
function credentialOf({ authorization, cookie, host }: Credentials): string | null {
  const isToken = authorization !== null && /^Bearer\b/i.test(authorization);
  const text = isToken ? authorization : cookieOf(cookie, sessionCookie(host));
  return text ? createHash('sha256').update(text).digest('base64url') : null;
}
