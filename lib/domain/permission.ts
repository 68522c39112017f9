import { isGranted, isGrantedForAll, matchesAny, type Scope } from '@/lib/contract/granted';
import type { Grant, Permission } from '@/lib/contract/permissions';
import type { Actor, Ctx } from './ctx';
import { DomainError } from './errors';

export type { Permission };

/** Whether the actor may do it there. Asked by every endpoint, and again by `mutation()`. */
export const isPermitted = (actor: Actor, permission: Permission, scope: Scope): boolean =>
  isGranted(actor.grants, permission, scope) && (actor.within === null || isGranted([actor.within], permission, scope));

/** Whether nothing of the cluster is kept from the actor. */
export const isPermittedForAll = (actor: Actor, permission: Permission, cluster: string): boolean =>
  isGrantedForAll(actor.grants, permission, cluster) &&
  (actor.within === null || isGrantedForAll([actor.within], permission, cluster));

/** What the actor may know of the cluster, as text: what one of the same text has read may be shown to another. */
export const visibilityOf = (actor: Actor, cluster: string): string =>
  isPermittedForAll(actor, 'metadata:read', cluster) ? '' : JSON.stringify([actor.grants, actor.within]);

/** Patterns of the groups where it is allowed: a name has to meet one of each list. Null: every group. */
export function permittedGroups(actor: Actor, permission: Permission, cluster: string): string[][] | null {
  if (isPermittedForAll(actor, permission, cluster)) return null;
  const of = (grants: readonly Grant[]) =>
    grants
      .filter(({ allow, clusters }) => allow.includes(permission) && matchesAny(clusters, cluster))
      .flatMap(({ groups }) => groups);
  return [of(actor.grants), ...(actor.within ? [of([actor.within])] : [])];
}

/** Whether it is allowed on every cluster there is or will be. */
export const isPermittedEverywhere = (actor: Actor, permission: Permission): boolean =>
  isPermittedForAll(actor, permission, '*');

export const notPermitted = (permission: Permission): DomainError =>
  new DomainError('FORBIDDEN', 'not_permitted', { permission });

/** `DomainError` FORBIDDEN `not_permitted`. */
export function requirePermission(ctx: Ctx, permission: Permission, scope: Omit<Scope, 'cluster'> = {}): void {
  if (!isPermitted(ctx.actor, permission, { cluster: ctx.cluster, ...scope })) throw notPermitted(permission);
}

const EVERYWHERE = { clusters: ['*'], groups: ['*'], topics: ['*'] };
const READ: Permission[] = ['metadata:read'];
const OPERATE: Permission[] = [...READ, 'message:body:read', 'dead-letter:redrive', 'group:reset', 'audit:read'];
const ADMINISTER: Permission[] = [...OPERATE, 'message:unmasked:read', 'dead-letter:purge', 'administer'];

/** The roles there always are; configuration adds others. */
export const BUILT_IN_ROLES: Readonly<Record<string, readonly Grant[]>> = {
  viewer: [{ allow: READ, ...EVERYWHERE }],
  operator: [{ allow: OPERATE, ...EVERYWHERE }],
  admin: [{ allow: ADMINISTER, ...EVERYWHERE }],
};

/** What the console does by itself: sweeps, ledgers, and jobs whose permission was checked when they were started. */
export const SYSTEM_GRANTS: readonly Grant[] = BUILT_IN_ROLES.admin as readonly Grant[];
