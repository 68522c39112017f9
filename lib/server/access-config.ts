import 'server-only';
import { z } from 'zod';
import { type Grant, pattern, permission } from '@/lib/contract/permissions';
import { type MaskRule, readHidden } from '@/lib/domain/masking/rule';
import { BUILT_IN_ROLES } from '@/lib/domain/permission';

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
});

export interface AccessConfig {
  /** Built-in roles and those of the configuration. */
  roles: Readonly<Record<string, readonly Grant[]>>;
  masking: readonly MaskRule[];
}

export const accessOf = (file: z.infer<typeof accessFile> | undefined): AccessConfig => ({
  roles: { ...BUILT_IN_ROLES, ...file?.roles },
  masking: file?.masking ?? [],
});
