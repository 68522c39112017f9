'use client';
import { useQuery } from '@tanstack/react-query';
import { Section } from '@/components/shared/page-header';
import { ErrorState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { Icon } from '@/components/ui/icon';
import { Skeleton } from '@/components/ui/skeleton';
import type { Said, StatusWord } from '@/lib/contract/groups';
import type { WhyReply } from '@/lib/contract/why';
import { useT } from '@/lib/i18n/use-t';
import { whyQuery } from '@/lib/queries/why';
import { AdvicePanel } from './advice-panel';
import { useSaid } from './use-said';
import { WhyFindingItem } from './why-finding';

/** Nothing to advise. */
const CALM = ['nothing_waits', 'keeps_up'];
const STUCK: readonly StatusWord[] = ['STALLED', 'STOPPED', 'NO_MEMBERS', 'FROZEN'];

export function WhyView({
  input,
  status,
}: {
  input: { cluster: string | undefined; group: string };
  status: StatusWord;
}) {
  const t = useT('why');
  const query = useQuery(whyQuery(input));
  const { data } = query;
  const title = STUCK.includes(status)
    ? t('titleStuck')
    : status === 'OK' && data?.findings.length === 0
      ? t('titleCalm')
      : t('title');
  if (!data) {
    return (
      <div className="mb12">
        {query.error ? (
          <ErrorState error={query.error} title={t('failed')} onRetry={() => void query.refetch()} />
        ) : (
          <Section title={title}>
            <Skeleton width={180} />
          </Section>
        )}
      </div>
    );
  }
  const hasAdvice = !CALM.includes(data.advice.verdict.key);
  return (
    <div className={`grid items-start mb12 ${hasAdvice ? 'g-gd' : ''}`}>
      <Why title={title} why={data} />
      {hasAdvice ? <AdvicePanel advice={data.advice} /> : null}
    </div>
  );
}

function Why({ title, why }: { title: string; why: WhyReply }) {
  const t = useT('why');
  const f = useFormat();
  const { findings, passed, notRead, asOf } = why;
  const counts = {
    n: findings.length,
    count: f.count(findings.length),
    passedN: passed.length,
    passed: f.count(passed.length),
  };
  return (
    <Section
      title={title}
      note={t('note', counts)}
      right={<span className="fg3">{t('asOf', { time: f.time(asOf) })}</span>}
    >
      <ol>
        {findings.map((finding, index) => (
          <WhyFindingItem key={finding.key} finding={finding} position={index + 1} />
        ))}
        {findings.length === 0 ? (
          <li className="why okk">
            <Icon name="tick" size={14} />
            <p>{t('calm')}</p>
          </li>
        ) : null}
        {passed.length > 0 ? (
          <li className="why okk">
            <Icon name="tick" size={14} />
            <p>
              {t('passedTitle')}
              {f.gap}
              <Passed items={passed} />
            </p>
          </li>
        ) : null}
        {notRead.length > 0 ? (
          <li className="why">
            <Icon name="unknown" size={14} />
            <p>
              {t('notReadTitle')}
              {f.gap}
              <NotRead items={notRead} />
            </p>
          </li>
        ) : null}
      </ol>
    </Section>
  );
}

function Passed({ items }: { items: readonly Said[] }) {
  const t = useT('why');
  const said = useSaid();
  return items.map((item) => t(`passed.${item.key}` as never, said(item) as never)).join(t('separator'));
}

function NotRead({ items }: { items: readonly Said[] }) {
  const t = useT('why');
  const said = useSaid();
  return items.map((item) => t(`not_read.${item.key}` as never, said(item) as never)).join(t('separator'));
}
