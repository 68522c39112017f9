import { RESPONSE } from './codes';

/** Why a broker with ACL turned a request away: it did nothing, and asking again changes nothing. */
export interface AccessRefusal {
  cause: 'NO_CREDENTIALS' | 'UNKNOWN_USER' | 'USER_DISABLED' | 'WRONG_SECRET' | 'NOT_ALLOWED' | 'NEEDS_ADMIN';
  /** Whom the broker took us for, and what that one may not touch (`Topic:orders`); null where it does not say. */
  user: string | null;
  resource: string | null;
}

type Rule = readonly [text: RegExp, cause: AccessRefusal['cause']];

/** `DefaultAuthenticationHandler`, `UserAuthorizationHandler` and `AclAuthorizationHandler` of 5.3 and later; code 16. */
const ACL_2: readonly Rule[] = [
  [/^username cannot be null\./, 'NO_CREDENTIALS'],
  [/^User:(?<user>\S+) (?:is )?not found\./, 'UNKNOWN_USER'],
  [/^User:(?<user>\S+) is disabled\./, 'USER_DISABLED'],
  [/^check signature failed\./, 'WRONG_SECRET'],
  [/^User:(?<user>\S+) has no permission to access (?<resource>\S+) from /, 'NOT_ALLOWED'],
];

/** `PlainPermissionManager` and `PlainAccessValidator` up to 5.3; code 1, and the place in their source behind a comma. */
const ACL_1: readonly Rule[] = [
  [/No accessKey is configured/, 'NO_CREDENTIALS'],
  [/No acl config for (?<user>[^,]+)/, 'UNKNOWN_USER'],
  [/Check signature failed for accessKey=(?<user>[^,]+)/, 'WRONG_SECRET'],
  [/Need admin permission for request code=\d+, but accessKey=(?<user>[^,]+) is not/, 'NEEDS_ADMIN'],
  [/No default permission for (?<resource>[^,]+)/, 'NOT_ALLOWED'],
  [/Check permission failed/, 'NOT_ALLOWED'],
];
const ACL_1_MARK = 'AclException';

/** Null for any other answer, also for a NO_PERMISSION that is not about who asks. */
export function accessRefusalOf(code: number, remark: string): AccessRefusal | null {
  const isAcl1 = code === RESPONSE.SYSTEM_ERROR && remark.includes(ACL_1_MARK);
  if (!isAcl1 && code !== RESPONSE.NO_PERMISSION) return null;
  for (const [text, cause] of isAcl1 ? ACL_1 : ACL_2) {
    const found = text.exec(remark);
    if (found) return { cause, user: found.groups?.user ?? null, resource: found.groups?.resource ?? null };
  }
  return isAcl1 ? { cause: 'NOT_ALLOWED', user: null, resource: null } : null;
}
