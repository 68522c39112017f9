import type { Permission } from '@/lib/contract/permissions';

/** In the order they are shown; the contract's own list would bring its schemas to the browser. */
export const PERMISSION_NAMES: readonly Permission[] = [
  'metadata:read',
  'message:body:read',
  'message:unmasked:read',
  'dead-letter:redrive',
  'group:reset',
  'dead-letter:purge',
  'audit:read',
  'administer',
];
