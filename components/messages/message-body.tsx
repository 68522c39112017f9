'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CodeView } from '@/components/shared/code-view';
import { useFormat } from '@/components/shared/use-format';
import { buttonClass } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { toast } from '@/components/ui/toast-store';
import type { MessageDetail } from '@/lib/contract/messages';
import { useT } from '@/lib/i18n/use-t';
import { messageBodyQuery, messageBodyUrl } from '@/lib/queries/messages';
import { MaskedValue } from './masked-value';

/** JSON, text or hex, the rest on demand, and the bytes as a file. */
export function MessageBody({ cluster, detail }: { cluster: string | undefined; detail: MessageDetail }) {
  const t = useT('messages');
  const f = useFormat();
  const client = useQueryClient();
  const [wantsAll, setWantsAll] = useState(false);
  const { body, masked } = detail;
  const whole = useQuery({ ...messageBodyQuery({ cluster, id: detail.id }), enabled: wantsAll });
  const isHex = body.kind === 'binary' || body.kind === 'unreadable';
  const hidden = masked?.parts.filter((part) => part.startsWith('body')) ?? [];
  const loadAll = () => {
    setWantsAll(true);
    client
      .fetchQuery(messageBodyQuery({ cluster, id: detail.id }))
      .catch((error: Error) => toast({ tone: 'crit', text: error.message }));
  };
  if (masked && body.kind === 'masked')
    return (
      <section>
        <h3 className="h3">
          {t('body.title')} <small>{f.bytes(body.sizeBytes ?? body.storedBytes)}</small>
        </h3>
        <div className="code">
          <MaskedValue by={masked.by} />
        </div>
      </section>
    );
  return (
    <>
      <CodeView
        key={detail.id}
        title={t('body.title')}
        {...(whole.data !== undefined
          ? { base64: whole.data }
          : isHex
            ? { base64: hexToBase64(body.text) }
            : { text: body.text })}
        totalBytes={body.sizeBytes ?? body.storedBytes}
        onLoadAll={
          body.truncated && hidden.length === 0 && whole.data === undefined && body.kind !== 'unreadable'
            ? loadAll
            : undefined
        }
      />
      {body.reason ? <p className="hint warn">{t(`body.${body.reason}` as 'body.corrupt')}</p> : null}
      {masked && hidden.length > 0 ? (
        <p className="hint">
          <MaskedValue by={masked.by} /> <span className="mono">{hidden.join(', ')}</span>
        </p>
      ) : null}
      {detail.crcOk ? null : <p className="hint crit">{t('body.crc')}</p>}
      <p className="hint flex wrap-f">
        {body.compression ? (
          <span>{t('body.compressed', { codec: body.compression, stored: f.bytes(body.storedBytes) })}</span>
        ) : null}
        {body.kind === 'empty' || hidden.length > 0 ? null : (
          <a
            className={buttonClass('ghost', 'small', 'mla')}
            href={messageBodyUrl({ cluster, id: detail.id, ...(body.kind === 'unreadable' ? { as: 'stored' } : {}) })}
            download
          >
            <Icon name="download" size={14} />
            {t('body.download')}
          </a>
        )}
      </p>
    </>
  );
}

function hexToBase64(hex: string): string {
  const pairs = hex.match(/../g) ?? [];
  return btoa(pairs.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join(''));
}
