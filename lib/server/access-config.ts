import 'server-only';
import { z } from 'zod';
import { isGrantedForAll } from '@/lib/contract/granted';
import { type Grant, pattern, permission } from '@/lib/contract/permissions';
import { type MaskRule, readHidden } from '@/lib/domain/masking/rule';
import { BUILT_IN_ROLES } from '@/lib/domain/permission';
import { type OidcConfig, oidcFile, readOidc } from './oidc-config';

/** Left out, a list of patterns means all; but who names groups and no topics, or the other way round, means only those. */
const configuredGrant = z
  .strictObject({
    allow: z.array(permission).min(1),
    clusters: z.array(pattern).min(1).optional(),
    groups: z.array(pattern).min(1).optional(),
    topics: z.array(pattern).min(1).optional(),
  })
  .transform(({ allow, clusters = ['*'], groups, topics }): Grant => {
    const isBounded = groups !== undefined || topics !== undefined;
    return { allow, clusters, groups: groups ?? (isBounded ? [] : ['*']), topics: topics ?? (isBounded ? [] : ['*']) };
  });
const ROLE_NAME = /^[a-z][a-z0-9-]{0,39}$/;

const hiddenPart = z.string().max(255).refine(isPart, {
  message: 'names no part of a message: use keys, body, body.<JSON path>, properties.<name> or remarks',
});
function isPart(text: string): boolean {
  try {
    return readHidden(text) !== null;
  } catch {
    return false;
  }
}
const maskRule = z
  .strictObject({
    name: z.string().regex(ROLE_NAME, 'is not made of lower-case letters, digits and dashes'),
    clusters: z.array(pattern).min(1).default(['*']),
    topics: z.array(pattern).min(1),
    hide: z.array(hiddenPart).min(1),
  })
  .transform((rule): MaskRule => rule);

/** The part `access` of the configuration file. */
export const accessFile = z.strictObject({
  roles: z
    .record(z.string(), z.array(configuredGrant).min(1))
    .refine((roles) => Object.keys(roles).every((name) => ROLE_NAME.test(name)), {
      message: 'holds a name that is not made of lower-case letters, digits and dashes',
    })
    .refine((roles) => !Object.keys(roles).some((name) => Object.hasOwn(BUILT_IN_ROLES, name)), {
      message: 'gives a built-in role another meaning; choose another name',
    })
    .default({}),
  masking: z.array(maskRule).default([]),
  oidc: oidcFile.optional(),
  /** False: an OpenID provider is the only way in for people. */
  passwordSignIn: z.boolean().default(true),
  /** Who may have another role besides his own for a while, when he says what for. */
  elevation: z
    .array(
      z.strictObject({
        from: z.string(),
        to: z.string(),
        maxMinutes: z
          .int()
          .min(1)
          .max(8 * 60)
          .default(60),
      }),
    )
    .default([]),
});
type AccessFile = z.infer<typeof accessFile>;

/** Whoever has the role `from` may raise it. */
export type Elevation = AccessFile['elevation'][number];

export interface AccessConfig {
  /** Built-in roles and those of the configuration. */
  roles: Readonly<Record<string, readonly Grant[]>>;
  masking: readonly MaskRule[];
  oidc: OidcConfig | null;
  hasPasswordSignIn: boolean;
  elevation: readonly Elevation[];
}

/** Throws an `Error` that names the key and the next step. */
export function accessOf(
  file: AccessFile | undefined,
  env: Readonly<Record<string, string | undefined>>,
  warn: (sentence: string) => void,
): AccessConfig {
  const roles = { ...BUILT_IN_ROLES, ...file?.roles };
  const { elevation = [], passwordSignIn: hasPasswordSignIn = true } = file ?? {};
  const oidc = file?.oidc ? readOidc(file.oidc, env, warn, (key) => `access.oidc.${key}`) : null;
  requireKnown('access.oidc.roles', Object.values(oidc?.roles ?? {}).flat(), roles);
  requireKnown(
    'access.elevation',
    elevation.flatMap(({ from, to }) => [from, to]),
    roles,
  );
  if (!hasPasswordSignIn && !makesAdministrators({ roles, oidc }))
    throw new Error(
      'access.passwordSignIn is false, and access.oidc gives no group a role that may administer: nobody could. Give a group the role admin, or leave passwordSignIn out',
    );
  return { roles, masking: file?.masking ?? [], oidc, hasPasswordSignIn, elevation };
}

/** Whether somebody who comes from the provider may manage accounts: then no first account has to be made by a link. */
export const makesAdministrators = ({ roles, oidc }: Pick<AccessConfig, 'roles' | 'oidc'>): boolean =>
  Object.values(oidc?.roles ?? {})
    .flat()
    .some((role) => isGrantedForAll(roles[role] ?? [], 'administer', '*'));

function requireKnown(key: string, names: readonly string[], roles: AccessConfig['roles']): void {
  const unknown = names.find((name) => !Object.hasOwn(roles, name));
  if (unknown !== undefined)
    throw new Error(`${key} names the role ${unknown}, which there is not; known are ${Object.keys(roles).join(', ')}`);
}
