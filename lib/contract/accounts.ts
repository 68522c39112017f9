import { z } from 'zod';
import { grant, pattern, permission } from './permissions';
import { epochMs } from './primitives';

/** Letters of any script, digits and `. _ @ -`. */
export const accountName = z
  .string()
  .min(1, 'name_empty')
  .max(64, 'name_too_long')
  .regex(/^[\p{L}\p{N}._@-]+$/u, 'account_name_illegal');
const password = z.string().min(1).max(1024);
const roleName = z.string().min(1).max(40);
const roleNames = z.array(roleName).min(1).max(20);
const accountId = z.string().length(26);

export const signInInput = z.strictObject({ name: z.string().min(1).max(200), password });
export const setupInput = z.strictObject({ token: z.string().max(200), name: accountName, password });
/** Whoever is signed in now. */
export const signedInReply = z.object({ name: z.string() });

/** Where to go after signing in, a path of the console. */
const nextPath = z.string().max(2000);
export const oidcBeginInput = z.strictObject({ next: nextPath });
export const oidcBegunReply = z.object({ url: z.string() });
/** The query that the provider sent the browser back with. */
export const oidcFinishInput = z.strictObject({ answer: z.string().max(8000) });
export const oidcFinishedReply = signedInReply.extend({ next: nextPath });

/** It is done, and since when. */
export const doneReply = z.object({ at: epochMs });

const raise = z.object({ role: z.string(), until: epochMs, reason: z.string() });
export const raiseInput = z.strictObject({
  role: roleName,
  minutes: z.int().min(1).max(480),
  reason: z.string().trim().min(3, 'reason_too_short').max(500),
});
export const raiseReply = raise;

export const meReply = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  grants: z.array(grant),
  /** Of an API token: nothing beyond it. */
  within: grant.nullable(),
  authMethod: z.enum(['password', 'setup', 'oidc', 'token', 'system']),
  /** When nobody has moved for so long that the session ends, and when it ends in any case. Null for a token. */
  session: z.object({ idleEndsAt: epochMs, endsAt: epochMs }).nullable(),
  /** A role that this session has for a while besides those of the account. */
  raise: raise.nullable(),
  /** Roles it may have for a while, and what they allow. */
  raisable: z.array(z.object({ role: z.string(), maxMinutes: z.int(), grants: z.array(grant) })),
  /** False where an OpenID provider keeps the password. */
  hasPassword: z.boolean(),
  now: epochMs,
});
export type Me = z.infer<typeof meReply>;

export const ownPasswordInput = z.strictObject({ current: password, next: password });

export const sessionRow = z.object({
  id: z.string(),
  isThis: z.boolean(),
  ip: z.string(),
  userAgent: z.string(),
  createdAt: epochMs,
  lastSeenAt: epochMs,
  endsAt: epochMs,
});
export const sessionsReply = z.object({ items: z.array(sessionRow) });
export const sessionEndInput = z.strictObject({ id: accountId });

export const apiTokenRow = z.object({
  id: z.string(),
  name: z.string(),
  scope: grant,
  createdAt: epochMs,
  expiresAt: epochMs,
  lastUsedAt: epochMs.nullable(),
});
export const apiTokensReply = z.object({ items: z.array(apiTokenRow) });
export type ApiTokensReply = z.infer<typeof apiTokensReply>;
/** Each is held against every name of a cluster. */
const tokenPatterns = z.array(pattern).max(20);
export const apiTokenInput = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1, 'name_empty')
    .max(100)
    .regex(/^\P{C}+$/u, 'invisible_characters'),
  /** Until it ends by itself. */
  days: z.int().min(1).max(365).default(90),
  allow: z.array(permission).min(1).max(20),
  clusters: tokenPatterns.min(1).default(['*']),
  groups: tokenPatterns.default(['*']),
  topics: tokenPatterns.default(['*']),
});
/** The token itself is told this once. */
export const newApiTokenReply = apiTokenRow.extend({ token: z.string() });
export type NewApiToken = z.infer<typeof newApiTokenReply>;
export const apiTokenEndInput = z.strictObject({ id: accountId });

export const accountRow = z.object({
  id: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  /** Signs in at an OpenID provider. */
  isExternal: z.boolean(),
  createdAt: epochMs,
  disabledAt: epochMs.nullable(),
  lastSeenAt: epochMs.nullable(),
});
export type AccountRow = z.infer<typeof accountRow>;
export const roleRow = z.object({ name: z.string(), isBuiltIn: z.boolean(), grants: z.array(grant) });
export const accountsReply = z.object({ items: z.array(accountRow), roles: z.array(roleRow) });
export type AccountsReply = z.infer<typeof accountsReply>;
export const newAccountInput = z.strictObject({ name: accountName, password, roles: roleNames });
export const accountChangeInput = z.strictObject({
  id: accountId,
  roles: roleNames.optional(),
  isDisabled: z.boolean().optional(),
  password: password.optional(),
});
