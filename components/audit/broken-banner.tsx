'use client';
import { Banner } from '@/components/shared/banner';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { rich } from '@/components/ui/rich';
import type { AuditChain } from '@/lib/contract/audit';
import { useT } from '@/lib/i18n/use-t';

/** Names the row that is not in order. Nothing while the chain is whole. */
export function BrokenBanner({
  chain,
  onOpen,
}: {
  chain: AuditChain | null | undefined;
  onOpen: (seq: number) => void;
}) {
  const t = useT('audit');
  const f = useFormat();
  if (!chain?.broken) return null;
  const { seq, problem, since } = chain.broken;
  const isThere = problem === 'CHANGED' || problem === 'REWRITTEN';
  return (
    <Banner
      tone="crit"
      actions={
        isThere ? (
          <Button size="small" onClick={() => onOpen(seq)}>
            {t('problem.open', { seq: f.count(seq) })}
          </Button>
        ) : null
      }
    >
      {t.rich('problem.lead', { ...rich, seq: f.count(seq) })}
      {f.gap}
      {problem === 'REWRITTEN'
        ? t('problem.REWRITTEN', { seq: f.count(seq), since: f.count(since ?? seq) })
        : t(`problem.${problem}`)}
      {f.gap}
      {t('problem.rest', { n: chain.rows, count: f.count(chain.rows) })}
    </Banner>
  );
}
