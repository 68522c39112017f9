'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { ClusterLink } from '@/components/shared/cluster-link';
import { useNearest } from '@/components/shared/use-nearest';
import { useT } from '@/lib/i18n/use-t';

export function NotFoundView() {
  const t = useT('shell');
  const path = usePathname();
  const search = useSearchParams();
  const kind = search.get('group') ? 'group' : search.get('topic') ? 'topic' : null;
  const name = (kind && search.get(kind)) ?? '';
  const nearest = useNearest(kind === 'topic' ? 'topics' : 'groups', name, {
    cluster: search.get('cluster') ?? undefined,
    enabled: kind !== null,
  });
  return (
    <div className="none">
      <h1 className="fw5">
        {kind === 'group'
          ? t('notFound.group', { name })
          : kind === 'topic'
            ? t('notFound.topic', { name })
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
        <ClusterLink className="btn" href="/">
          {t('notFound.overview')}
        </ClusterLink>
      </div>
    </div>
  );
}
