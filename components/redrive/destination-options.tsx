'use client';
import { useFormat } from '@/components/shared/use-format';
import { RadioOptions } from '@/components/ui/radio-options';
import { rich } from '@/components/ui/rich';
import type { RedrivePlan } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';

export type Target = 'group' | 'origin';
const NAMED = 6;

/** Only this group, or the original topic with everybody it reaches. */
export function DestinationOptions({
  group,
  target,
  onChange,
  origin,
}: {
  group: string;
  target: Target;
  onChange: (target: Target) => void;
  /** The plan of the second choice, as soon as it is known. */
  origin: RedrivePlan | undefined;
}) {
  const t = useT('redrive');
  const f = useFormat();
  const known = origin?.target === 'origin' ? origin : undefined;
  const others = known?.receivers.filter((receiver) => receiver.group !== group) ?? [];
  const names = others
    .slice(0, NAMED)
    .map((receiver) => receiver.group)
    .join(', ');
  const topics = known?.destinations.map(({ topic }) => topic) ?? [];
  return (
    <div className="mb12">
      <RadioOptions
        legend={t('sendTo')}
        value={target}
        onChange={onChange}
        options={[
          {
            value: 'group',
            label: t('onlyGroup'),
            description: t('onlyGroupWhat', { topic: `%RETRY%${group}` }),
          },
          {
            value: 'origin',
            label: topics.length === 1 ? t('originTopic', { topic: topics[0] ?? '' }) : t('originTopics'),
            description: !known ? (
              t('originPending')
            ) : others.length === 0 ? (
              t('originNobody')
            ) : (
              <>
                <b className="warn">{t('originReaches', { n: others.length, count: f.count(others.length) })}</b>{' '}
                {others.length > NAMED
                  ? t.rich('originNamesMore', { ...rich, names, more: f.count(others.length - NAMED) })
                  : names}
              </>
            ),
          },
        ]}
      />
    </div>
  );
}
