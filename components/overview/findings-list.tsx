'use client';
import { useState } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Section } from '@/components/shared/page-header';
import { useSayParams } from '@/components/shared/say-params';
import { EmptyState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import type { OverviewReply } from '@/lib/contract/overview';
import { useT } from '@/lib/i18n/use-t';
import { FindingItem } from './finding-item';

const FIRST = 20;

/** What needs a person, worst first, or how we know that nothing does. */
export function FindingsList({ overview }: { overview: OverviewReply }) {
  const t = useT('overview');
  const f = useFormat();
  const [shown, setShown] = useState(FIRST);
  const { findings, counts, asOf } = overview;
  const left = counts.findings - findings.length;
  const rest = findings.length - shown;
  return (
    <Section
      title={t('findings_title')}
      note={
        findings.length > 0 ? t('findings_note', { n: counts.findings, count: f.count(counts.findings) }) : undefined
      }
      right={asOf === null ? undefined : <span className="fg3">{t('judged', { time: f.time(asOf) })}</span>}
    >
      {findings.length === 0 ? <Calm overview={overview} /> : null}
      {findings.slice(0, shown).map((finding) => (
        <FindingItem key={finding.id} finding={finding} />
      ))}
      {rest > 0 ? (
        <div className="more">
          <Button size="small" onClick={() => setShown(findings.length)}>
            {t('more', { count: f.count(rest) })}
          </Button>
        </div>
      ) : null}
      {rest <= 0 && left > 0 ? (
        <p className="more">
          {t('left', { n: left, count: f.count(left) })}{' '}
          <ClusterLink className="link" href="/groups">
            {t('calm.link')}
          </ClusterLink>
        </p>
      ) : null}
    </Section>
  );
}

function Calm({ overview: { counts, asOf } }: { overview: OverviewReply }) {
  const t = useT('overview');
  const f = useFormat();
  const say = useSayParams();
  const unjudged = counts.groups - counts.groupsOk;
  return (
    <EmptyState icon="ok" title={t('calm.title')}>
      {asOf === null
        ? null
        : t('calm.how', { ...say({ brokers: counts.brokers, ok: counts.groupsOk }), time: f.time(asOf) } as never)}{' '}
      {unjudged > 0 ? (
        <>
          {t('calm.rest', { n: unjudged, count: f.count(unjudged) })}{' '}
          <ClusterLink className="link" href="/groups">
            {t('calm.link')}
          </ClusterLink>
        </>
      ) : null}
    </EmptyState>
  );
}
