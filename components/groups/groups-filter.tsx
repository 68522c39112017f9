'use client';
import { BrokerClusterChips } from '@/components/shared/broker-cluster-chips';
import {
  FilterBar,
  FilterChip,
  FilterChips,
  FilterText,
  FilterTrack,
  FoldedChip,
} from '@/components/shared/filter-bar';
import { GROUP_STATUS, Status } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import type { StatusWord } from '@/lib/contract/groups';
import { STATUS_WORDS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';

type Feature = 'dead' | 'no-members';
type Params = {
  q: string;
  brokerCluster: string | null;
  status: StatusWord | null;
  has: Feature | null;
  internal: 'true' | null;
  idle: 'true' | null;
};

const COUNTED: ReadonlySet<string> = new Set(['STALLED', 'STOPPED', 'NO_MEMBERS', 'WARN', 'OK']);

export const countAll = (counts: Record<string, number>): number =>
  STATUS_WORDS.reduce((sum, word) => sum + (counts[word] ?? 0), 0);

export function GroupsFilter({
  params,
  onChange,
  counts: known,
  hidden,
  hiddenIdle,
}: {
  params: Params;
  onChange: (change: Partial<Params>) => void;
  /** Undefined until the first answer. */
  counts: Record<string, number> | undefined;
  hidden: number;
  hiddenIdle: number;
}) {
  const t = useT('groups');
  const words = useT('status');
  const f = useFormat();
  const counts = known ?? {};
  // With a text, what the sentence counts stays: a zero says that none of these matches.
  const isShown = (word: string) =>
    (counts[word] ?? 0) > 0 || (known !== undefined && params.q !== '' && COUNTED.has(word));
  const statuses = STATUS_WORDS.filter((word) => isShown(word) || word === params.status);
  const labels: [Feature, string][] = [
    ['dead', t('hasDead')],
    ['no-members', t('noMembers')],
  ];
  const features = labels.filter(([feature]) => isShown(feature) || params.has === feature);
  return (
    <FilterBar>
      <FilterText label={t('filter')} value={params.q} onChange={(q) => onChange({ q })} />
      <FilterTrack>
        <FilterChip
          pressed={params.status === null && params.has === null}
          onPress={() => onChange({ status: null, has: null })}
          count={known ? f.count(countAll(counts)) : undefined}
        >
          {t('all')}
        </FilterChip>
        <FilterChips
          value={params.status}
          onChange={(status) => onChange({ status })}
          options={statuses.map((word) => ({
            value: word,
            label: <Status {...GROUP_STATUS[word]}>{words(`group.${word}`)}</Status>,
            count: known ? f.count(counts[word] ?? 0) : undefined,
          }))}
        />
        <FilterChips
          value={params.has}
          onChange={(has) => onChange({ has })}
          options={features.map(([feature, label]) => ({
            value: feature,
            label,
            count: known ? f.count(counts[feature] ?? 0) : undefined,
          }))}
        />
        <BrokerClusterChips value={params.brokerCluster} onChange={(brokerCluster) => onChange({ brokerCluster })} />
      </FilterTrack>
      <FoldedChip
        folded={hiddenIdle}
        isShown={params.idle !== null}
        tip={t('idleTip')}
        words={params.idle ? t('idleHide') : t('idleHidden', { n: hiddenIdle, count: f.count(hiddenIdle) })}
        onPress={() => onChange({ idle: params.idle ? null : 'true' })}
      />
      <FoldedChip
        folded={hidden}
        isShown={params.internal !== null}
        tip={t('hiddenTip')}
        words={params.internal ? t('hide') : t('hidden', { n: hidden, count: f.count(hidden) })}
        onPress={() => onChange({ internal: params.internal ? null : 'true' })}
      />
    </FilterBar>
  );
}
