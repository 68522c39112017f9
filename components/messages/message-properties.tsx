'use client';
import { useFormat } from '@/components/shared/use-format';
import { Icon } from '@/components/ui/icon';
import type { MessageDetail } from '@/lib/contract/messages';
import { useT } from '@/lib/i18n/use-t';
import { MaskedValue } from './masked-value';

/** The application's own first, then those that RocketMQ sets, with a lock. */
export function MessageProperties({ detail }: { detail: MessageDetail }) {
  const t = useT('messages');
  const f = useFormat();
  const system = new Set(detail.systemProperties);
  const hidden = new Set(detail.masked?.parts);
  const entries = Object.entries(detail.properties).sort(
    ([a], [b]) => Number(system.has(a)) - Number(system.has(b)) || (a < b ? -1 : 1),
  );
  return (
    <section>
      <h3 className="h3">
        {t('properties.title')} <small>{f.count(entries.length)}</small>
      </h3>
      {entries.length === 0 ? <p className="fg3">{t('properties.none')}</p> : null}
      <dl className="kvs mono">
        {entries.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd>
              {detail.masked && hidden.has(`properties.${name}`) ? (
                <MaskedValue by={detail.masked.by} />
              ) : value === '' ? (
                <span className="fg3">{t('properties.empty')}</span>
              ) : (
                value
              )}
              {system.has(name) ? (
                <span
                  className="inl ml-1.5"
                  role="img"
                  aria-label={t('properties.system')}
                  data-tip={t('properties.system')}
                >
                  <Icon name="lock" size={12} />
                </span>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
