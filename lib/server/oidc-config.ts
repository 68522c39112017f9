import 'server-only';
import { z } from 'zod';
import { readSourced, sourced } from './cluster-access';
import { isLoopbackHost } from './host';
import { Secret } from './secret';

const roleNames = z.union([
  z
    .string()
    .min(1)
    .transform((role) => [role]),
  z.array(z.string().min(1)).min(1),
]);

/** The part `access.oidc` of the configuration file. */
export const oidcFile = z.strictObject({
  issuer: z
    .string()
    .refine((text) => URL.canParse(text) && !/[?#@\s]/.test(text), 'is not the address of an issuer')
    .refine(isSafe, 'is plain HTTP, which is for a provider on this machine alone; use https'),
  clientId: z.string().min(1),
  ...Object.fromEntries(Object.entries(sourced('clientSecret')).map(([key, text]) => [key, text.optional()])),
  scopes: z.array(z.string().regex(/^\S+$/)).default(['openid', 'profile']),
  /** Claims that hold what somebody is called, and his groups; dots lead into objects. */
  nameClaim: z.string().min(1).default('preferred_username'),
  groupsClaim: z.string().min(1).default('groups'),
  /** Group of the provider → roles here. */
  roles: z.record(z.string().min(1), roleNames).refine((roles) => Object.keys(roles).length > 0, 'names no group'),
  /** Of the button. */
  label: z.string().trim().min(1).max(60).optional(),
  /** API tokens of somebody who has not come by the provider for so long do nothing. */
  tokenDays: z.number().positive().max(365).default(30),
});
type OidcFile = z.infer<typeof oidcFile> & Partial<Record<`clientSecret${'' | 'File' | 'Env'}`, string>>;

export interface OidcConfig {
  issuer: string;
  clientId: string;
  clientSecret: Secret | null;
  scopes: readonly string[];
  nameClaim: string;
  groupsClaim: string;
  roles: Readonly<Record<string, readonly string[]>>;
  label: string;
  tokensForMs: number;
}

/** Throws an `Error` that names the key, never the value. */
export function readOidc(
  { issuer, label, tokenDays, ...file }: OidcFile,
  env: Readonly<Record<string, string | undefined>>,
  warn: (sentence: string) => void,
  labelOf: (key: string) => string,
): OidcConfig {
  const secret = readSourced('clientSecret', file, env, warn, labelOf);
  return {
    issuer,
    clientId: file.clientId,
    clientSecret: secret === undefined ? null : new Secret(secret),
    scopes: [...new Set(['openid', ...file.scopes])],
    nameClaim: file.nameClaim,
    groupsClaim: file.groupsClaim,
    roles: file.roles,
    label: label ?? new URL(issuer).host,
    tokensForMs: tokenDays * 24 * 3_600_000,
  };
}

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { protocol, host } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(host));
}
