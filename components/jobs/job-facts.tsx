'use client';
import { countSkipped } from '@/components/plans/count-skipped';
import { ClusterLink } from '@/components/shared/cluster-link';
import { CopyButton } from '@/components/shared/copy-button';
import { type KeyValue, KvList } from '@/components/shared/kv-list';
import { Section } from '@/components/shared/page-header';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { JobDetail } from '@/lib/contract/jobs';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { FileLink } from './file-link';

/** What was planned, how long it took, the file it wrote. */
export function JobFacts({ job }: { job: JobDetail }) {
  const t = useT('jobs');
  const f = useFormat();
  const { plan, file } = job;
  const targets = { group: t('facts.onlyGroup'), origin: t('facts.origin'), topic: t('facts.otherTopic') };
  const items: (KeyValue | false)[] = [
    {
      id: 'group',
      label: t('columns.group'),
      value: (
        <ClusterLink className="link" href="/groups/detail" params={{ group: job.group }}>
          {job.group}
        </ClusterLink>
      ),
    },
    job.topic !== null && { id: 'topic', label: t('facts.topic'), value: job.topic },
    plan?.kind === 'redrive' && {
      id: 'target',
      label: t('facts.destination'),
      value: targets[plan.target],
    },
    plan?.kind === 'redrive' && {
      id: 'topics',
      label: t('facts.into'),
      value: plan.destinations.map(({ topic }) => topic).join(', '),
      mono: true,
    },
    plan?.kind === 'redrive' &&
      plan.target === 'topic' && {
        id: 'receivers',
        label: t('facts.receivers'),
        value: plan.receivers.map((receiver) => receiver.group).join(', ') || t('facts.nobody'),
      },
    plan?.kind === 'redrive' && {
      id: 'rate',
      label: t('facts.speed'),
      value: t('facts.atMost', { rate: f.count(plan.rate) }),
    },
    plan?.kind === 'redrive' &&
      plan.edit != null && { id: 'edited', label: t('facts.edited'), value: plan.edit.changed.join(', '), mono: true },
    plan?.kind === 'redrive' &&
      plan.edit != null && {
        id: 'newId',
        label: t('facts.newId'),
        value: shortId(plan.edit.uniqKey),
        mono: true,
        copy: { text: plan.edit.uniqKey, what: t('facts.newId') },
      },
    plan?.kind === 'redrive' &&
      plan.skipped.length > 0 && {
        id: 'skipped',
        label: t('facts.leftOut'),
        value: f.count(countSkipped(plan.skipped)),
      },
    plan?.kind === 'reset' && {
      id: 'to',
      label: t('facts.to'),
      value: plan.to.at === null ? t(`facts.toKind.${plan.to.kind}` as never) : <When at={plan.to.at} form="time" />,
    },
    plan?.kind === 'reset' && { id: 'replay', label: t('facts.replay'), value: f.count(plan.totals.replay) },
    plan?.kind === 'reset' && { id: 'skip', label: t('facts.skip'), value: f.count(plan.totals.skip) },
    plan?.kind === 'export' && {
      id: 'format',
      label: t('facts.format'),
      value: plan.format === 'csv' ? t('facts.formats.csv') : t('facts.formats.jsonl'),
    },
    plan?.kind === 'purge' && { id: 'letters', label: t('facts.letters'), value: f.count(plan.count) },
    { id: 'started', label: t('columns.started'), value: <When at={job.startedAt ?? job.createdAt} /> },
    job.endedAt !== null && {
      id: 'took',
      label: t('columns.took'),
      value: f.duration(Math.max(0, job.endedAt - (job.startedAt ?? job.createdAt))),
    },
    job.acknowledged !== null && {
      id: 'ack',
      label: t('facts.acknowledged'),
      value: t('facts.acknowledgedBy', { by: job.acknowledged.by, time: f.when(job.acknowledged.at) }),
    },
  ];
  return (
    <Section panel title={t('facts.title')}>
      <KvList small items={items.filter((item) => item !== false)} />
      {file ? (
        <>
          <p className="h3 small mt8">{job.kind === 'redrive' ? t('file.report') : t('file.title')}</p>
          <KvList
            small
            items={[
              { id: 'name', label: t('file.name'), value: file.name, mono: true },
              {
                id: 'size',
                label: t('file.size'),
                value: t('file.holds', { n: file.count, count: f.count(file.count), bytes: f.bytes(file.bytes) }),
              },
              {
                id: 'sha',
                label: 'SHA-256',
                value: (
                  <>
                    {file.sha256.slice(0, 16)}… <CopyButton text={file.sha256} what="SHA-256" />
                  </>
                ),
                mono: true,
              },
              { id: 'until', label: t('file.keptUntil'), value: <When at={file.expiresAt} /> },
            ]}
          />
          {file.expiresAt > f.now ? <FileLink job={job} /> : <p className="small warn mt8">{t('file.expired')}</p>}
        </>
      ) : null}
      {job.fileProblem !== null ? (
        <p className="small warn mt8">{t('file.problem', { cause: job.fileProblem })}</p>
      ) : null}
      {job.kind === 'purge' ? <p className="small fg2 mt8">{t('purgeCaveat')}</p> : null}
    </Section>
  );
}
