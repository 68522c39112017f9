import 'server-only';
import type { Actor } from '@/lib/domain/ctx';
import { SYSTEM_GRANTS } from '@/lib/domain/permission';

/** The console at work by itself, or on a job in the name of who started it. */
export const systemActor = (id: string, name: string): Actor => ({
  id,
  name,
  roles: ['system'],
  grants: SYSTEM_GRANTS,
  within: null,
  authMethod: 'system',
  sessionHash: null,
  ip: '127.0.0.1',
});
