import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes as base64url: a session, an API token, a setup secret. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of a token. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Names a session in the audit trail: too short to act as it. */
export const shortHash = (hash: string): string => hash.slice(0, 16);
