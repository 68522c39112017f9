'use client';
import { CopyButton } from '@/components/shared/copy-button';
import { useFormat } from '@/components/shared/use-format';
import type { AuditEntryReply } from '@/lib/contract/audit';
import { useT } from '@/lib/i18n/use-t';

/** `c41f 08aa … 77d0` */
const shortHash = (hash: string): string => `${hash.slice(0, 4)} ${hash.slice(4, 8)} … ${hash.slice(-4)}`;

/** Where the entry hangs in the chain, and whether it fits. */
export function EntryChain({ chain, onOpen }: { chain: AuditEntryReply['chain']; onOpen: (seq: number) => void }) {
  const t = useT('audit');
  const f = useFormat();
  const { previous, prevHash, hash, isWhole, verifiedAt } = chain;
  return (
    <section>
      <h3 className="h3">
        {t('chain.title')} <small>{t('chain.note')}</small>
      </h3>
      <dl className="kvs s mono mb12">
        <dt>{t('chain.previous')}</dt>
        <dd>
          {previous === null ? (
            shortHash(prevHash)
          ) : (
            <button type="button" className="link" onClick={() => onOpen(previous)}>
              {shortHash(prevHash)}
            </button>
          )}
        </dd>
        <dt>{t('chain.this')}</dt>
        <dd>
          {shortHash(hash)}
          <CopyButton text={hash} what={t('chain.hash')} />{' '}
          {isWhole ? (
            <span className="ok">
              {verifiedAt === null ? t('chain.fits') : t('chain.verified', { time: f.time(verifiedAt) })}
            </span>
          ) : (
            <span className="crit">{t('chain.broken')}</span>
          )}
        </dd>
      </dl>
    </section>
  );
}
