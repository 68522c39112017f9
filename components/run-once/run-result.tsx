'use client';
import { Banner, type BannerTone } from '@/components/shared/banner';
import { type KeyValue, KvList } from '@/components/shared/kv-list';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import { rich } from '@/components/ui/rich';
import type { RunOnceResult } from '@/lib/contract/run-once';
import { useT } from '@/lib/i18n/use-t';
import { Remark } from './remark';
import { SiblingLetters } from './sibling-letters';

const TONE: Record<RunOnceResult['outcome'], BannerTone> = {
  succeeded: 'ok',
  failed: 'crit',
  not_run: 'warn',
  unknown: 'warn',
};

/** What the client answered: the verdict in a sentence, its figures, its remark, the siblings. */
export function RunResult({ run, group }: { run: RunOnceResult; group: string }) {
  const t = useT('run-once');
  const f = useFormat();
  const { outcome, consumeResult, clientId, remark, spentMs, siblings, code } = run;
  const isAnswer = outcome === 'succeeded' || outcome === 'failed';
  const flag = (value: boolean | null) => (value === null ? t('untold') : value ? t('yes') : t('no'));
  const facts: (KeyValue | false)[] = [
    { id: 'client', label: t('fields.client'), value: <span className="break-all">{clientId}</span>, mono: true },
    { id: 'result', label: t('fields.result'), value: consumeResult ?? t('untold'), mono: consumeResult !== null },
    {
      id: 'took',
      label: t('fields.took'),
      value: spentMs === null ? t('untold') : t('ms', { ms: f.count(spentMs) }),
    },
    { id: 'topic', label: t('fields.topic'), value: run.topicSeen },
    isAnswer && { id: 'order', label: t('fields.order'), value: flag(run.order) },
    isAnswer && { id: 'auto', label: t('fields.autoCommit'), value: flag(run.autoCommit) },
    code !== null && { id: 'code', label: t('fields.code'), value: code },
    { id: 'asked', label: t('fields.asked'), value: <When at={run.askedAt} precision="ms" /> },
  ];
  return (
    <>
      <Banner tone={TONE[outcome]} className="mb12">
        {t.rich(`said.${isAnswer ? (consumeResult as 'CR_SUCCESS') : outcome}`, { ...rich, client: clientId })}
      </Banner>
      <KvList small items={facts.filter((item) => item !== false)} />
      {remark ? <Remark text={remark} /> : null}
      {siblings ? <SiblingLetters group={group} siblings={siblings} /> : null}
    </>
  );
}
