'use client';
import { useFormat } from '@/components/shared/use-format';
import type { AuditChain } from '@/lib/contract/audit';
import { useT } from '@/lib/i18n/use-t';
import type { ChainWalk } from './use-chain-walk';

/** What the trail is, and when its chain was last found whole. Of a broken one the banner tells. */
export function ChainSentence({
  chain,
  progress,
}: {
  chain: AuditChain | null | undefined;
  progress: ChainWalk['progress'];
}) {
  const t = useT('audit');
  const f = useFormat();
  return (
    <>
      {t('sentence.what')}
      {f.gap}
      {progress
        ? t('sentence.walking', { rows: f.count(progress.rows), total: f.count(progress.total) })
        : chain === undefined || chain?.broken
          ? null
          : chain
            ? t('sentence.verified', { n: chain.rows, count: f.count(chain.rows), time: f.time(chain.at) })
            : t('sentence.unverified')}
    </>
  );
}
