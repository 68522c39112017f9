'use client';
import { usePathname, useRouter } from 'next/navigation';
import { useCluster, withParams } from '@/components/shared/cluster-link';
import { EnvTag } from '@/components/ui/env-tag';
import { Icon } from '@/components/ui/icon';
import { Menu } from '@/components/ui/menu';
import { useT } from '@/lib/i18n/use-t';
import { pageOf } from './pages';

export type ShellCluster = {
  name: string;
  env?: string | null | undefined /** “4 masters, 3 slaves, 5.3.3”. */;
  summary?: string | undefined;
};

/** Goes to the same section of the other cluster: what is open there need not exist here. */
export function ClusterSwitch({ clusters }: { clusters: readonly ShellCluster[] }) {
  const t = useT('shell');
  const router = useRouter();
  const pathname = usePathname();
  const name = useCluster();
  const current = clusters.find((cluster) => cluster.name === name) ?? (name ? { name } : clusters[0]);
  if (!current) return null;
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className="cluster">
          <b>
            <span>{current.name}</span> <span className="sr">{t('cluster')}</span> <EnvTag env={current.env} />
          </b>
          <Icon name="select" size={14} />
          {current.summary ? <small>{current.summary}</small> : null}
        </button>
      }
      items={[
        { kind: 'label', id: 'label', label: t('cluster') },
        ...clusters.map((cluster) => ({
          id: cluster.name,
          label: cluster.name,
          hint: cluster.env?.toUpperCase(),
          checked: cluster.name === current.name,
          onSelect: () => router.push(withParams(pageOf(pathname)?.path ?? '/', { cluster: cluster.name })),
        })),
      ]}
    />
  );
}
