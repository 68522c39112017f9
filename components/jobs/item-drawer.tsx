'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { KvList } from '@/components/shared/kv-list';
import { useFormat } from '@/components/shared/use-format';
import { buttonClass } from '@/components/ui/button';
import { Drawer } from '@/components/ui/drawer';
import type { JobDetail, JobItem } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { OutcomeWordOf } from './job-words';
import { outcomeAt } from './outcome-looks';
import { useEvidence } from './use-evidence';
import { useItemName } from './use-item-name';

type Props = {
  job: JobDetail;
  item: JobItem;
  position: { index: number; total: number };
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
  onClose: () => void;
};

/** Everything the journal holds about one item. */
export function ItemDrawer({ job, item, position, onPrevious, onNext, onClose }: Props) {
  const t = useT('jobs');
  const f = useFormat();
  const evidence = useEvidence();
  const name = useItemName();
  const write = (field: string, value: string | number) =>
    typeof value === 'string' ? value : field.endsWith('At') ? f.when(value, 'ms') : f.count(value);
  const source = item.evidence.source;
  return (
    <Drawer
      label={t('items.drawer')}
      title={job.kind === 'purge' ? name(job.kind, item) : item.label}
      mono={job.kind !== 'purge'}
      status={<OutcomeWordOf name={outcomeAt(job.state, item.state)} />}
      position={position}
      onPrevious={onPrevious}
      onNext={onNext}
      onClose={onClose}
      footer={
        job.kind === 'redrive' ? (
          <>
            {item.link ? (
              <ClusterLink className={buttonClass()} href={item.link}>
                {t('items.openTrace')}
              </ClusterLink>
            ) : null}
            {typeof source === 'string' ? (
              <ClusterLink
                className={buttonClass()}
                href="/dead-letters/group"
                params={{ group: job.group, letter: source }}
              >
                {t('items.openLetter')}
              </ClusterLink>
            ) : null}
          </>
        ) : null
      }
    >
      <p className="mb12">{evidence(job, item)}</p>
      <KvList
        small
        items={Object.entries(item.evidence).map(([field, value]) => ({
          id: field,
          label: <span className="mono">{field}</span>,
          value:
            value === null ? (
              <span className="fg3">–</span>
            ) : field === 'earlierJob' ? (
              <ClusterLink className="link" href={`/jobs/${value}`}>
                {value}
              </ClusterLink>
            ) : (
              write(field, value)
            ),
          mono: typeof value === 'string',
          copy: typeof value === 'string' && value.length > 16 ? { text: value, what: field } : undefined,
        }))}
      />
    </Drawer>
  );
}
