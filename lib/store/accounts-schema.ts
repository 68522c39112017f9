/** How somebody proved who they are. */
export type AuthMethod = 'password' | 'setup' | 'oidc' | 'token' | 'system';

/** Somebody who may sign in. */
export interface AccountTable {
  id: string;
  name: string;
  /** The name in lower case: one account per spelling. */
  nameKey: string;
  /** `issuer subject` of an OpenID provider; null: signs in with a password. */
  subject: string | null;
  passwordHash: string | null;
  /** Names of roles. */
  rolesJson: string;
  createdAt: number;
  disabledAt: number | null;
  /** When its OpenID provider last said who this is; null: signs in with a password. */
  confirmedAt: number | null;
}

export interface SessionTable {
  id: string;
  /** SHA-256 of what the cookie holds, hex. */
  tokenHash: string;
  accountId: string;
  authMethod: AuthMethod;
  ip: string;
  userAgent: string;
  createdAt: number;
  lastSeenAt: number;
  /** At the latest, whatever is done with it. */
  expiresAt: number;
  /** A role that the session has besides those of its account, until when, and what for. */
  raisedRole: string | null;
  raisedUntil: number | null;
  raisedReason: string | null;
}

/** For programs. Never more than its account may do. */
export interface ApiTokenTable {
  id: string;
  /** SHA-256 of the token, hex. */
  tokenHash: string;
  accountId: string;
  name: string;
  /** What of the account's permissions it has. */
  scopeJson: string;
  createdAt: number;
  expiresAt: number;
  lastUsedAt: number | null;
}
