import { useQuery } from '@tanstack/react-query';
import { useCluster } from '@/components/shared/cluster-link';
import { isGranted, type Scope } from '@/lib/contract/granted';
import type { Permission } from '@/lib/contract/permissions';
import { useT } from '@/lib/i18n/use-t';
import { clustersQuery } from '@/lib/queries/clusters';
import { meQuery } from '@/lib/queries/me';

/**
 * Why somebody may not do it there, for a button that then cannot be pressed; undefined: may. The server decides all the
 * same: what is not known yet is not held against anybody.
 */
export function useRefusal(permission: Permission, scope: Omit<Scope, 'cluster'> = {}): string | undefined {
  const t = useT('shell');
  const cluster = useCluster() ?? undefined;
  const { data: me } = useQuery(meQuery());
  const { data: clusters } = useQuery({ ...clustersQuery(), enabled: false });
  if (clusters?.items.find(({ name }) => name === cluster)?.readOnly && !permission.endsWith(':read'))
    return t('readOnlyShort');
  if (!me) return undefined;
  const asked = { cluster, ...scope };
  const may =
    isGranted(me.grants, permission, asked) && (me.within === null || isGranted([me.within], permission, asked));
  if (may) return undefined;
  const mayBeRaised = me.raise === null && me.raisable.some(({ grants }) => isGranted(grants, permission, asked));
  return t(mayBeRaised ? 'notPermittedYet' : 'notPermitted', { permission: t(`permissions.${permission}`) });
}
