'use client';
import { Figure } from '@/components/shared/figure';
import { KvList } from '@/components/shared/kv-list';
import { Section } from '@/components/shared/page-header';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';

export function GroupConfiguration({ group: { config, mode } }: { group: GroupDetail }) {
  const t = useT('groups');
  const none = t('detail.config.unknown');
  const yesNo = (value: boolean | null) =>
    value === null ? <Figure value={null} reason={none} /> : value ? t('detail.config.yes') : t('detail.config.no');
  return (
    <Section panel title={t('detail.settings')}>
      <KvList
        items={[
          {
            id: 'consume',
            label: t('detail.config.consume'),
            value: config.consumeEnabled ? t('detail.config.on') : <b className="info">{t('detail.config.off')}</b>,
          },
          {
            id: 'mode',
            label: t('detail.config.mode'),
            value: (
              <>
                {t(`mode.${mode}`)} <span className="fg3 small">{t(`modeTip.${mode}`)}</span>
              </>
            ),
          },
          {
            id: 'retryMax',
            label: t('detail.config.retryMax'),
            value: <Figure value={config.retryMaxTimes} reason={none} />,
          },
          {
            id: 'retryQueues',
            label: t('detail.config.retryQueues'),
            value: <Figure value={config.retryQueues} reason={none} />,
          },
          { id: 'orderly', label: t('detail.config.orderly'), value: yesNo(config.orderly) },
          { id: 'broadcast', label: t('detail.config.broadcast'), value: yesNo(config.broadcastEnabled) },
        ]}
      />
    </Section>
  );
}
