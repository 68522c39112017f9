'use client';
import type { ReactNode } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import { KvList } from '@/components/shared/kv-list';
import { useFormat } from '@/components/shared/use-format';
import type { RedrivePlan } from '@/lib/contract/plans';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { SampleProperties } from './sample-properties';

const SHOWN = 5;

/** What would be sent, to whom, and what is left out. */
export function RedrivePreview({ plan, selected, notes }: { plan: RedrivePlan; selected: number; notes: ReactNode }) {
  const t = useT('redrive');
  const f = useFormat();
  return (
    <>
      <KvList
        className="pv"
        items={[
          { id: 'selected', label: t('selected'), value: <b>{f.count(selected)}</b> },
          {
            id: 'sent',
            label: t('willBeSent'),
            value: t.rich('sentSize', {
              b: (chunks) => <b>{chunks}</b>,
              count: f.count(plan.count),
              bytes: f.bytes(plan.bytes),
            }),
          },
          {
            id: 'to',
            label: t('destination'),
            value: (
              <Lines
                rows={plan.destinations.map(({ topic, count }) => ({ id: topic, text: topic, count, mono: true }))}
                none={t('nowhere')}
              />
            ),
          },
          {
            id: 'receivers',
            label: t('receivers'),
            value: (
              <Lines
                rows={plan.receivers.map(({ group, count, online }) => ({
                  id: group,
                  text: group,
                  count,
                  note: online === null ? t('onlineUnknown') : online ? null : t('offline'),
                }))}
                none={t('nobody')}
              />
            ),
          },
          { id: 'skipped', label: t('skippedLabel'), value: <SkippedLines skipped={plan.skipped} /> },
        ]}
      />
      {notes}
      {plan.sample[0] ? <SampleProperties sample={plan.sample[0]} count={plan.count} /> : null}
    </>
  );
}

type Line = { id: string; text: string; count: number; note?: string | null; mono?: boolean };

function Lines({ rows, none }: { rows: readonly Line[]; none: string }) {
  const f = useFormat();
  if (rows.length === 0) return <>{none}</>;
  return (
    <Folded>
      {rows.map(({ id, text, count, note, mono }) => (
        <li key={id}>
          <span className={mono ? 'mono' : 'fw5'}>{text}</span> <span className="fg3">{f.count(count)}</span>
          {note ? <span className="warn">, {note}</span> : null}
        </li>
      ))}
    </Folded>
  );
}

/** The first of a list, and all others behind “and 7 more”: what is confirmed can be read to its end. */
function Folded({ children }: { children: readonly ReactNode[] }) {
  const t = useT('redrive');
  const f = useFormat();
  const rest = children.slice(SHOWN);
  return (
    <>
      <ul>{children.slice(0, SHOWN)}</ul>
      {rest.length > 0 ? (
        <details>
          <summary className="link">{t('more', { count: f.count(rest.length) })}</summary>
          <ul>{rest}</ul>
        </details>
      ) : null}
    </>
  );
}

/** Letters left out, by reason and by the job that has them. */
function SkippedLines({ skipped }: { skipped: RedrivePlan['skipped'] }) {
  const t = useT('redrive');
  const f = useFormat();
  const kinds = new Map<string, { reason: string; jobId: string | null; count: number }>();
  for (const { reason, jobId, count = 1 } of skipped) {
    const key = `${reason} ${jobId ?? ''}`;
    const kind = kinds.get(key);
    kinds.set(key, { reason, jobId, count: (kind?.count ?? 0) + count });
  }
  if (kinds.size === 0) return <>0</>;
  return (
    <Folded>
      {[...kinds].map(([key, { reason, jobId, count }]) => (
        <li key={key}>
          <b>{f.count(count)}</b>, {t.has(`skipped.${reason}` as never) ? t(`skipped.${reason}` as never) : reason}
          {jobId ? (
            <>
              {' '}
              <ClusterLink className="link" href={`/jobs/${jobId}`} target="_blank">
                {t('job', { id: shortId(jobId, 4, 6) })}
              </ClusterLink>
            </>
          ) : null}
        </li>
      ))}
    </Folded>
  );
}
