'use client';
import { useQuery } from '@tanstack/react-query';
import { usePathname, useSearchParams } from 'next/navigation';
import { ClusterLink } from '@/components/shared/cluster-link';
import { useNearest } from '@/components/shared/use-nearest';
import { buttonClass } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { clustersQuery } from '@/lib/queries/clusters';

/** Pages of one thing, which the address has to name. */
const NAMELESS: Readonly<Record<string, { isGroup: boolean; list: string }>> = {
  '/dead-letters/group': { isGroup: true, list: '/dead-letters' },
  '/groups/detail': { isGroup: true, list: '/groups' },
  '/topics/detail': { isGroup: false, list: '/topics' },
};

export function NotFoundView() {
  const t = useT('shell');
  const path = usePathname();
  const search = useSearchParams();
  const cluster = search.get('cluster');
  const { data: clusters } = useQuery(clustersQuery());
  const job = path.startsWith('/jobs/') ? path.slice('/jobs/'.length) : search.get('job');
  const kind = job ? null : search.get('group') ? 'group' : search.get('topic') ? 'topic' : null;
  const name = (kind && search.get(kind)) ?? '';
  const nearest = useNearest(kind === 'topic' ? 'topics' : 'groups', name, {
    cluster: cluster ?? undefined,
    enabled: kind !== null,
  });
  if (cluster !== null && clusters && !clusters.items.some((item) => item.name === cluster))
    return (
      <div className="none">
        <h1 className="fw5">{t('notFound.cluster', { name: cluster })}</h1>
        <p>{t('notFound.clusters')}</p>
        <div className="acts">
          {clusters.items.map((item) => (
            <ClusterLink key={item.name} className="btn" href="/" params={{ cluster: item.name }}>
              {item.name}
            </ClusterLink>
          ))}
        </div>
      </div>
    );
  const nameless = kind === null && !job ? NAMELESS[path] : undefined;
  if (nameless)
    return (
      <div className="none">
        <h1 className="fw5">{t(nameless.isGroup ? 'notFound.namelessGroup' : 'notFound.namelessTopic')}</h1>
        <p>{t('notFound.namelessText')}</p>
        <div className="acts">
          <ClusterLink className={buttonClass()} href={nameless.list}>
            {t('notFound.list')}
          </ClusterLink>
        </div>
      </div>
    );
  return (
    <div className="none">
      <h1 className="fw5">
        {kind === 'group'
          ? t('notFound.group', { name })
          : kind === 'topic'
            ? t('notFound.topic', { name })
            : job
              ? t('notFound.job', { id: decodeURIComponent(job) })
              : t('notFound.title')}
      </h1>
      <p>
        {kind && nearest && nearest !== name ? (
          <>
            {t('notFound.nearest')}{' '}
            <ClusterLink className="link" href={path} params={{ [kind]: nearest }}>
              {nearest}
            </ClusterLink>
          </>
        ) : (
          t('notFound.text')
        )}
      </p>
      <div className="acts">
        {kind ? (
          <ClusterLink className="btn" href={`/${kind}s`}>
            {t('notFound.list')}
          </ClusterLink>
        ) : null}
        {job ? (
          <ClusterLink className="btn" href="/jobs">
            {t('notFound.list')}
          </ClusterLink>
        ) : null}
        <ClusterLink className="btn" href="/">
          {t('notFound.overview')}
        </ClusterLink>
      </div>
    </div>
  );
}
