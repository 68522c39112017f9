'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { KvList } from '@/components/shared/kv-list';
import { Section } from '@/components/shared/page-header';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import { WireFigure } from '@/components/shared/wire-figure';
import type { TopicDetail } from '@/lib/contract/topics';
import { useT } from '@/lib/i18n/use-t';
import { permKey } from './perm-words';

export function TopicFacts({ topic }: { topic: TopicDetail }) {
  const t = useT('topics');
  const f = useFormat();
  const [first, ...others] = topic.route;
  const isEven = first && others.every((r) => r.readQueues === first.readQueues && r.writeQueues === first.writeQueues);
  const hasOnePerm = first && others.every((route) => route.perm === first.perm);
  const brokers = topic.route.length;
  return (
    <Section panel title={t('detail.facts.title')}>
      <KvList
        small
        items={[
          { id: 'kept', label: t('detail.facts.kept'), value: <WireFigure of={topic} field="kept" /> },
          { id: 'in', label: t('detail.facts.in'), value: <WireFigure of={topic} field="inPerS" as="rate" /> },
          {
            id: 'retention',
            label: t('detail.facts.retention'),
            value: <WireFigure of={topic} field="retentionMs" as="duration" />,
          },
          {
            id: 'last',
            label: t('detail.facts.last'),
            value: topic.lastStoredAt === null ? t('never') : <When at={topic.lastStoredAt} />,
          },
          {
            id: 'queues',
            label: t('detail.facts.queues'),
            value: !first
              ? t('detail.route.empty')
              : isEven
                ? t('detail.facts.perBroker', {
                    read: f.count(first.readQueues),
                    write: f.count(first.writeQueues),
                    brokers: f.count(brokers),
                    brokersN: brokers,
                  })
                : t('detail.facts.mixed'),
          },
          {
            id: 'perm',
            label: t('detail.facts.perm'),
            value: !first ? '–' : hasOnePerm ? t(`detail.perms.${permKey(first.perm)}`) : t('detail.facts.mixed'),
          },
          {
            id: 'brokers',
            label: t('detail.facts.brokers'),
            value: <span className="mono">{topic.route.map(({ broker }) => broker).join(', ') || '–'}</span>,
          },
          {
            id: 'config',
            label: t('detail.facts.config'),
            value: (
              <ClusterLink
                className={topic.differs.length > 0 ? 'link warn' : 'link'}
                href="/topics/detail"
                params={{ topic: topic.topic, tab: 'config' }}
              >
                {t('detail.facts.differs', { n: topic.differs.length, count: f.count(topic.differs.length) })}
              </ClusterLink>
            ),
          },
        ]}
      />
    </Section>
  );
}
