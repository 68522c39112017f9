import { z } from 'zod';

/** What can be allowed, each per cluster, group and topic. */
export const PERMISSIONS = [
  /** Names, offsets, lag, jobs: everything but what messages say. */
  'metadata:read',
  /** Bodies, keys and properties of messages; without it they are masked. */
  'message:body:read',
  /** Also what masking rules hide. */
  'message:unmasked:read',
  /** Send dead letters again, run one once, edit, mark handled, keep notes. */
  'dead-letter:redrive',
  'dead-letter:purge',
  'group:reset',
  'audit:read',
  /** Accounts, roles, tokens of others. */
  'administer',
] as const;
export const permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof permission>;

/** A name, or with `*` any number of any characters. */
export const pattern = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[%|a-zA-Z0-9_.+*-]+$/, 'pattern_illegal')
  .regex(/^(?:[^*]*\*){0,8}[^*]*$/, 'pattern_stars');

/** Leave to do something with the clusters, groups and topics that match. */
export const grant = z.object({
  allow: z.array(permission).min(1),
  clusters: z.array(pattern),
  groups: z.array(pattern),
  topics: z.array(pattern),
});
export type Grant = z.infer<typeof grant>;
