'use client';
import { Section } from '@/components/shared/page-header';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import type { Advice, AdviceOption } from '@/lib/contract/why';
import { useT } from '@/lib/i18n/use-t';
import { useSaid } from './use-said';

/** What more members, threads or queues would change, and how long the backlog would take with each. */
export function AdvicePanel({ advice: { verdict, drainMs, options } }: { advice: Advice }) {
  const t = useT('why');
  const said = useSaid();
  return (
    <Section panel title={t('adviceTitle')} note={options.length > 0 ? t('adviceNote') : undefined}>
      <p className="fw5 mb8">{t.rich(`verdict.${verdict.key}` as never, said(verdict) as never)}</p>
      {options.length > 0 ? (
        <dl className="kvs">
          <dt>{t('asItIs')}</dt>
          <dd>
            <Drain drainMs={drainMs} />
          </dd>
          {options.map((option) => (
            <Option key={option.kind} option={option} />
          ))}
        </dl>
      ) : null}
    </Section>
  );
}

function Option({ option }: { option: AdviceOption }) {
  const t = useT('why');
  const said = useSaid();
  return (
    <>
      <dt>{t(`kinds.${option.kind}`)}</dt>
      <dd>
        {option.effect === 'helps' ? (
          <Drain drainMs={option.drainMs} />
        ) : (
          <span className="fg2">{option.effect === 'nothing' ? t('changesNothing') : t('cannotTell')}</span>
        )}
        <span className="sub">{t.rich(`advice.${option.key}` as never, said(option) as never)}</span>
      </dd>
    </>
  );
}

function Drain({ drainMs }: { drainMs: Advice['drainMs'] }) {
  const t = useT('why');
  const f = useFormat();
  if (drainMs === null) return <span className="fg3">{t('drainsUnknown')}</span>;
  if (drainMs === 'never') return <b className="crit">{t('drainsNever')}</b>;
  if (drainMs === 0) return t('drainsNow');
  return t.rich('drains', { ...rich, time: f.duration(drainMs) });
}
