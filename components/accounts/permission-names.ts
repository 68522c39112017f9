import type { Permission } from '@/lib/contract/permissions';

/** In the order they are shown; the contract's own list would bring its schemas to the browser. */
export const PERMISSION_NAMES: readonly Permission[] = [
  'metadata:read',
  'message:body:read',
  'dead-letter:redrive',
  'group:reset',
  'dead-letter:purge',
  'audit:read',
  'administer',
];

type Underscored<T extends string> = T extends `${infer A}:${infer B}` ? `${A}_${Underscored<B>}` : T;

/** A permission as the last part of a message key. */
export const permissionKey = <P extends Permission>(permission: P): Underscored<P> =>
  permission.replaceAll(':', '_') as Underscored<P>;
