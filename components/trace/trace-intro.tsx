'use client';
import { Section } from '@/components/shared/page-header';
import { rich } from '@/components/ui/rich';
import { useT } from '@/lib/i18n/use-t';

/** What can be pasted, and what was looked up before. */
export function TraceIntro({ recent, onSearch }: { recent: readonly string[]; onSearch: (id: string) => void }) {
  const t = useT('trace');
  return (
    <div className="grid g-84">
      <Section title={t('intro.title')}>
        <ul className="bul mt8">
          <li>{t.rich('intro.uniqKey', rich)}</li>
          <li>{t.rich('intro.offsetId', rich)}</li>
          <li>{t.rich('intro.grpcId', rich)}</li>
          <li>{t.rich('intro.key', rich)}</li>
        </ul>
        <p className="fg2 mt8">{t('intro.how')}</p>
      </Section>
      {recent.length > 0 ? (
        <Section title={t('intro.recent')}>
          <ul className="mt8">
            {recent.map((id) => (
              <li key={id} className="ell py-0.5">
                <button type="button" className="link mono" onClick={() => onSearch(id)}>
                  {id}
                </button>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </div>
  );
}
