import type { Actor } from './ctx';

const READS = ['cluster:read', 'message:read'] as const;
const WRITES = [
  'group:reset',
  'dead-letter:redrive',
  'dead-letter:run-once',
  'dead-letter:handle',
  'dead-letter:export',
  'job:act',
  'audit:read',
] as const;
const ADMINISTRATION = ['dead-letter:purge'] as const;

export type Permission = (typeof READS | typeof WRITES | typeof ADMINISTRATION)[number];

const PERMISSIONS: Record<Actor['role'], readonly Permission[]> = {
  viewer: READS,
  operator: [...READS, ...WRITES],
  admin: [...READS, ...WRITES, ...ADMINISTRATION],
};

/** Whether the actor's role allows an act. Asked by every endpoint, and again by `mutation()`. */
export const isPermitted = (actor: Actor, permission: Permission): boolean =>
  PERMISSIONS[actor.role].includes(permission);
