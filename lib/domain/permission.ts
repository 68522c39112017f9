import type { Actor } from './ctx';

export type Permission =
  | 'group:reset'
  | 'dead-letter:redrive'
  | 'dead-letter:purge'
  | 'dead-letter:handle'
  | 'dead-letter:export';

const PERMISSIONS: Record<Actor['role'], readonly Permission[]> = {
  viewer: [],
  operator: ['group:reset', 'dead-letter:redrive', 'dead-letter:handle', 'dead-letter:export'],
  admin: ['group:reset', 'dead-letter:redrive', 'dead-letter:purge', 'dead-letter:handle', 'dead-letter:export'],
};
export const isPermitted = (actor: Actor, permission: Permission): boolean =>
  PERMISSIONS[actor.role].includes(permission);
