'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { KvList } from '@/components/shared/kv-list';
import { useFormat } from '@/components/shared/use-format';
import { buttonClass } from '@/components/ui/button';
import { Drawer } from '@/components/ui/drawer';
import type { JobDetail, JobItem } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { OutcomeWordOf } from './job-words';
import { useEvidence } from './use-evidence';

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
  const write = (name: string, value: string | number) =>
    typeof value === 'string' ? value : name.endsWith('At') ? f.when(value, 'ms') : f.count(value);
  const source = item.evidence.source;
  return (
    <Drawer
      label={t('items.drawer')}
      title={item.label}
      mono
      status={<OutcomeWordOf name={item.state} />}
      position={position}
      onPrevious={onPrevious}
      onNext={onNext}
      onClose={onClose}
      footer={
        job.kind === 'redrive' ? (
          <>
            <ClusterLink className={buttonClass()} href="/trace" params={{ id: item.label }}>
              {t('items.openTrace')}
            </ClusterLink>
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
      <p className="mb12">{evidence(job.kind, item)}</p>
      <KvList
        small
        items={Object.entries(item.evidence).map(([name, value]) => ({
          id: name,
          label: <span className="mono">{name}</span>,
          value: value === null ? <span className="fg3">–</span> : write(name, value),
          mono: typeof value === 'string',
          copy: typeof value === 'string' && value.length > 16 ? { text: value, what: name } : undefined,
        }))}
      />
    </Drawer>
  );
}
