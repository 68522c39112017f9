import type { Actor } from './ctx';
import { BUILT_IN_ROLES } from './permission';

/** Somebody with a built-in role, for tests. */
export const actorOf = (role: 'viewer' | 'operator' | 'admin', over: Partial<Actor> = {}): Actor => ({
  id: 'local',
  name: 'Local operator',
  roles: [role],
  grants: BUILT_IN_ROLES[role] ?? [],
  within: null,
  authMethod: 'password',
  sessionHash: null,
  ip: '127.0.0.1',
  ...over,
});
