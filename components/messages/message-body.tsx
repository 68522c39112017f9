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

/** JSON, text or hex, the rest on demand, and the bytes as a file. */
export function MessageBody({ cluster, detail }: { cluster: string | undefined; detail: MessageDetail }) {
  const t = useT('messages');
  const f = useFormat();
  const client = useQueryClient();
  const [wantsAll, setWantsAll] = useState(false);
  const { body } = detail;
  const whole = useQuery({ ...messageBodyQuery({ cluster, id: detail.id }), enabled: wantsAll });
  const isHex = body.kind === 'binary' || body.kind === 'unreadable';
  const loadAll = () => {
    setWantsAll(true);
    client
      .fetchQuery(messageBodyQuery({ cluster, id: detail.id }))
      .catch((error: Error) => toast({ tone: 'crit', text: error.message }));
  };
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
        onLoadAll={body.truncated && whole.data === undefined && body.kind !== 'unreadable' ? loadAll : undefined}
      />
      {body.reason ? <p className="hint warn">{t(`body.${body.reason}` as 'body.corrupt')}</p> : null}
      {detail.crcOk ? null : <p className="hint crit">{t('body.crc')}</p>}
      <p className="hint flex wrap-f">
        {body.compression ? (
          <span>{t('body.compressed', { codec: body.compression, stored: f.bytes(body.storedBytes) })}</span>
        ) : null}
        {body.kind === 'empty' ? null : (
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
