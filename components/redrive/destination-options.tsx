'use client';
import { useFormat } from '@/components/shared/use-format';
import { RadioOptions } from '@/components/ui/radio-options';
import { rich } from '@/components/ui/rich';
import type { RedrivePlan } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';
import { TopicField } from './topic-field';
import type { Destination } from './use-destination';

/** The preview lists them all. */
const NAMED = 5;

/** Only this group, the original topic with everybody it reaches, or another topic. */
export function DestinationOptions({
  group,
  destination,
  origin,
  topic: named,
}: {
  group: string;
  destination: Destination;
  /** The plans of the second and the third choice, as soon as they are known. */
  origin: RedrivePlan | undefined;
  topic: RedrivePlan | undefined;
}) {
  const t = useT('redrive');
  const f = useFormat();
  const topic = destination.input?.kind === 'topic' ? named : undefined;
  const others = origin?.receivers.filter((receiver) => receiver.group !== group) ?? [];
  const readers = topic?.receivers ?? [];
  const topics = origin?.destinations.map((each) => each.topic) ?? [];
  return (
    <div className="mb12">
      <RadioOptions
        legend={t('sendTo')}
        value={destination.kind}
        onChange={destination.setKind}
        options={[
          {
            value: 'group',
            label: t('onlyGroup'),
            description: t('onlyGroupWhat', { topic: `%RETRY%${group}` }),
          },
          {
            value: 'origin',
            label: topics.length === 1 ? t('originTopic', { topic: topics[0] ?? '' }) : t('originTopics'),
            description: !origin ? (
              t('originPending')
            ) : others.length === 0 ? (
              t('originNobody')
            ) : (
              <>
                <b className="warn">{t('originReaches', { n: others.length, count: f.count(others.length) })}</b>{' '}
                <Names of={others} />
              </>
            ),
          },
          {
            value: 'topic',
            label: t('otherTopic'),
            description:
              !topic || topic.refused ? (
                t('otherTopicWhat', { group })
              ) : readers.length === 0 ? (
                t('otherTopicNobody')
              ) : (
                <>
                  <b className="warn">
                    {t('otherTopicReaches', { n: readers.length, count: f.count(readers.length) })}
                  </b>{' '}
                  <Names of={readers} />
                </>
              ),
          },
        ]}
      />
      {destination.kind === 'topic' ? <TopicField {...destination} /> : null}
    </div>
  );
}

function Names({ of }: { of: RedrivePlan['receivers'] }) {
  const t = useT('redrive');
  const f = useFormat();
  const names = of
    .slice(0, NAMED)
    .map((receiver) => receiver.group)
    .join(', ');
  return of.length > NAMED ? t.rich('originNamesMore', { ...rich, names, more: f.count(of.length - NAMED) }) : names;
}
