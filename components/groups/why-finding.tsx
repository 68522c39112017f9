'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import type { WhyFinding } from '@/lib/contract/why';
import { useT } from '@/lib/i18n/use-t';
import { useSaid } from './use-said';

const TONE: Record<WhyFinding['severity'], string> = { critical: 'crit', warning: 'warn', note: '' };

/** One reason: what it is, what was read that says so, and what can safely be done next. */
export function WhyFindingItem({ finding, position }: { finding: WhyFinding; position: number }) {
  const t = useT('why');
  const status = useT('status');
  const said = useSaid();
  const f = useFormat();
  const values = said(finding);
  const text = (part: 'title' | 'evidence' | 'next') => {
    const path = `findings.${finding.key}.${part}`;
    return t.has(path as never) ? t.rich(path as never, values as never) : null;
  };
  const next = text('next');
  return (
    <li className="why">
      <i className={TONE[finding.severity]}>{position}</i>
      <div>
        <h3>
          <span className="sr">{status(`severity.${finding.severity}`)}: </span>
          {text('title') ?? finding.key}
        </h3>
        <p>{text('evidence')}</p>
        {next ? (
          <p className="next">
            <b>{t('next')}</b>
            {f.gap}
            {next}
          </p>
        ) : null}
        {finding.links.map(({ key, href }) => (
          <ClusterLink key={key} className="go" href={href}>
            {t(`links.${key}` as never)}
          </ClusterLink>
        ))}
      </div>
    </li>
  );
}
