'use client';
import { useQuery } from '@tanstack/react-query';
import type { SetValues } from 'nuqs';
import { useEffect, useState } from 'react';
import { useRefusal } from '@/components/accounts/use-refusal';
import { ProblemNote } from '@/components/plans/problem-note';
import { Section } from '@/components/shared/page-header';
import { TimeField } from '@/components/shared/time-field';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { parseTimeInput } from '@/lib/format/time-input';
import { useT } from '@/lib/i18n/use-t';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { groupDetailQuery } from '@/lib/queries/groups';
import { GroupField } from './group-field';
import { HistogramPanel } from './histogram-panel';
import { ScopePanel } from './scope-panel';
import { type ResetParams, type resetParams, timeOf } from './search-params';

type Props = { params: ResetParams; setParams: SetValues<typeof resetParams> };
const PRESETS = [
  { id: 'minutes15', text: '-15m' },
  { id: 'hour', text: '-1h' },
  { id: 'midnight', text: 'today 00:00' },
  { id: 'day', text: '-24h' },
] as const;

/** Whose offsets, and where to. */
export function TimeStep({ params, setParams }: Props) {
  const t = useT('offsets');
  const f = useFormat();
  const { group, at } = params;
  const cluster = params.cluster ?? undefined;
  const detail = useQuery({ ...groupDetailQuery({ cluster, group: group ?? '' }), enabled: group !== null });
  const mayNot = useRefusal('group:reset', { group: group ?? undefined });
  const topics = detail.data?.topics ?? [];
  const topic = topics.length === 1 ? (topics[0] ?? null) : params.topic;
  const { to } = params;
  const [time, setTime] = useState(() => timeOf(at));
  const inAddress = timeOf(at);
  useEffect(() => {
    if (inAddress !== null) setTime(inAddress);
  }, [inAddress]);
  const pick = (ms: number | null, range: ResetParams['range'] = null) => {
    setTime(ms);
    void setParams({ at: ms === null ? null : f.iso(ms), range }, { history: 'replace' });
  };
  const isFuture = time !== null && time > Math.max(f.now, Date.now());
  const missing = !group
    ? t('missing.group')
    : detail.isError
      ? t('missing.groupUnknown')
      : !topic
        ? t('missing.topic')
        : to === 'timestamp' && time === null
          ? t('missing.time')
          : to === 'timestamp' && isFuture
            ? t('missing.past')
            : null;
  const next = () =>
    void setParams({ step: 'plan', topic, to, at: to === 'timestamp' && time !== null ? f.iso(time) : null });
  return (
    <div className="grid g-84">
      <form
        className="col gap12"
        onSubmit={(event) => {
          event.preventDefault();
          if (missing === null && !mayNot) next();
        }}
      >
        <Section panel title={t('whose')}>
          <div className="grid g-2 gap12">
            <GroupField
              cluster={cluster}
              group={group}
              onChange={(name) => void setParams({ group: name, topic: null }, { history: 'replace' })}
            />
            <div className="field mb0">
              <label htmlFor="reset-topic">{t('topic')}</label>
              <Select
                id="reset-topic"
                label={t('topic')}
                className="w-full"
                value={topic ?? ''}
                options={[
                  {
                    value: '',
                    label: group ? (detail.isPending ? t('topicPending') : t('topicPick')) : t('topicAfter'),
                  },
                  ...[...new Set([...topics, ...(params.topic ? [params.topic] : [])])].map((name) => ({
                    value: name,
                    label: name,
                  })),
                ]}
                onChange={(name) => void setParams({ topic: name || null }, { history: 'replace' })}
              />
              {detail.data && topics.length === 0 ? <p className="hint warn">{t('noTopics')}</p> : null}
            </div>
          </div>
          {detail.isError ? <ProblemNote problem={detail.error as ApiProblem} /> : null}
        </Section>
        <Section panel title={t('readFrom')} note={t('storeTimes', { zone: f.zoneName() })}>
          <div className="mb12">
            <Segmented
              label={t('readFrom')}
              value={to}
              onChange={(kind) => void setParams({ to: kind }, { history: 'replace' })}
              options={[
                { value: 'timestamp', label: t('kind.timestamp') },
                { value: 'earliest', label: t('kind.earliest') },
                { value: 'latest', label: t('kind.latest') },
              ]}
            />
          </div>
          {to === 'timestamp' ? (
            <>
              <div className="max-w-[380px]">
                <TimeField label={t('time')} value={time} onChange={(ms) => pick(ms)} pastOnly />
              </div>
              <div className="flex wrap-f">
                {PRESETS.map(({ id, text }) => (
                  <button
                    key={id}
                    type="button"
                    className="chip"
                    onClick={() => pick(parseTimeInput(text, { zone: f.zone, now: Date.now() }))}
                  >
                    {t(`presets.${id}`)}
                  </button>
                ))}
              </div>
              {group && topic ? (
                <HistogramPanel
                  cluster={cluster}
                  group={group}
                  topic={topic}
                  at={time}
                  range={params.range}
                  onRange={(range) => void setParams({ range }, { history: 'replace' })}
                  onPick={pick}
                />
              ) : null}
            </>
          ) : (
            <p className="fg2">{to === 'earliest' ? t('earliestWhat') : t('latestWhat')}</p>
          )}
        </Section>
        <div className="flex wrap-f">
          <Button type="submit" variant="primary" trailing="arrow-right" disabledReason={mayNot ?? missing}>
            {t('makePlan')}
          </Button>
          <span className="fg3 small">
            {mayNot ?? (missing ? t('stillMissing', { what: missing }) : t('planWritesNothing'))}
          </span>
        </div>
      </form>
      <div className="col gap12">
        <ScopePanel cluster={cluster} group={detail.data} topic={topic} />
        <Section panel title={t('before.title')}>
          <ul className="bul small fg2">
            <li>{t('before.again')}</li>
            <li>{t('before.onlyGroup')}</li>
            <li>{t('before.retries')}</li>
          </ul>
        </Section>
      </div>
    </div>
  );
}
