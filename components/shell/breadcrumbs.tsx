'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { ClusterLink, useCluster } from '@/components/shared/cluster-link';
import { useT } from '@/lib/i18n/use-t';
import { pageOf } from './pages';

/** cluster / section / object, read from the address. The last one is not a link. */
export function Breadcrumbs() {
  const t = useT('shell');
  const pathname = usePathname();
  const search = useSearchParams();
  const cluster = useCluster();
  const page = pageOf(pathname);
  const isObject =
    page !== undefined &&
    page.path !== '/' &&
    (pathname !== page.path || page.id === 'retries' || page.id === 'offsetReset' || page.id === 'trace');
  const object = isObject
    ? (search.get('group') ??
      search.get('topic') ??
      search.get('id') ??
      (page.id === 'jobs' ? pathname.slice(page.path.length + 1).slice(-6) : null))
    : null;
  return (
    <nav className="crumbs" aria-label={t('breadcrumb')}>
      {cluster ? (
        <>
          <ClusterLink href="/">{cluster}</ClusterLink>
          <span className="sep" aria-hidden="true">
            /
          </span>
        </>
      ) : null}
      {page && object ? (
        <>
          <ClusterLink href={page.path}>{t(`sections.${page.id}`)}</ClusterLink>
          <span className="sep" aria-hidden="true">
            /
          </span>
        </>
      ) : null}
      <span aria-current="page">{object || (page ? t(`sections.${page.id}`) : t('name'))}</span>
    </nav>
  );
}
