'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { useT } from '@/lib/i18n/use-t';

export function NotFoundView() {
  const t = useT('shell');
  return (
    <div className="none">
      <h1 className="fw5">{t('notFound.title')}</h1>
      <p>{t('notFound.text')}</p>
      <div className="acts">
        <ClusterLink className="btn" href="/">
          {t('notFound.overview')}
        </ClusterLink>
      </div>
    </div>
  );
}
