'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import type { Siblings } from '@/lib/contract/run-once';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';

/** Other dead letters that likely fail alike, and by what that is judged. */
export function SiblingLetters({ group, siblings }: { group: string; siblings: Siblings }) {
  const t = useT('run-once');
  const f = useFormat();
  const { basis, shared, among, count, letters } = siblings;
  const words = { ...rich, n: count, count: f.count(count), among: f.count(among), shared };
  return (
    <>
      <p className="lab mt8">{t('siblings.title')}</p>
      <p className="small">
        {among === 0
          ? t('siblings.alone')
          : basis === 'origin' && count === 0
            ? t('siblings.originNone', { among: f.count(among) })
            : t.rich(`siblings.${basis}`, words)}
      </p>
      {letters.length > 0 ? (
        <ul className="small flex flex-wrap gap-x-3">
          {letters.map(({ id, name }) => (
            <li key={id}>
              <ClusterLink className="link mono" href="/dead-letters/group" params={{ group, letter: id }}>
                {shortId(name)}
              </ClusterLink>
            </li>
          ))}
          {count > letters.length ? (
            <li className="fg3">{t('siblings.more', { count: f.count(count - letters.length) })}</li>
          ) : null}
        </ul>
      ) : null}
    </>
  );
}
