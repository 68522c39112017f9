'use client';
import { useFormat } from '@/components/shared/use-format';
import type { RedrivePlan } from '@/lib/contract/plans';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';

/** One of the copies: what is set and dropped, all else kept. */
export function SampleProperties({ sample, count }: { sample: RedrivePlan['sample'][number]; count: number }) {
  const t = useT('redrive');
  const f = useFormat();
  // An id of its own stands among what is set.
  const isSameId = sample.uniqKey !== null && !sample.set.includes('UNIQ_KEY');
  const facts = [
    ['topic', sample.topic],
    ['UNIQ_KEY', isSameId ? shortId(sample.uniqKey ?? '', 14, 10) : null],
    ['KEYS', sample.keys.join(' ')],
  ] as const;
  return (
    <>
      <p className="h3 small mt0">
        {t('sample')} <small>{t('sampleOf', { count: f.count(count) })}</small>
      </p>
      <div className="code diff wrapped mb12">
        {facts.map(([name, value]) =>
          value ? <span key={name} className="ln fg3">{`  ${name.padEnd(10)}${value}`}</span> : null,
        )}
        {sample.set.map((name) => (
          <span key={name} className="ln ok">{`+ ${name}`}</span>
        ))}
        {sample.dropped.length > 0 ? <span className="ln crit">{`- ${sample.dropped.join(', ')}`}</span> : null}
        <span className="ln fg3">{`  ${t('allElseKept')}`}</span>
      </div>
    </>
  );
}
