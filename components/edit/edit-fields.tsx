'use client';
import { Banner } from '@/components/shared/banner';
import { KvList } from '@/components/shared/kv-list';
import { Icon } from '@/components/ui/icon';
import { TextArea, TextField } from '@/components/ui/text-field';
import type { MessageDetail } from '@/lib/contract/messages';
import { useT } from '@/lib/i18n/use-t';
import { PropertyRows } from './property-rows';
import { type DraftFields, lockedNames, lockOf } from './use-letter-draft';

const MONO = '[&_.area]:[font-family:var(--mono)] [&_.area]:text-[12px] [&_.area]:leading-[18px]';

/** What can be edited, and below it, locked, what cannot. */
export function EditFields({ detail, fields }: { detail: MessageDetail; fields: DraftFields }) {
  const t = useT('edit');
  const { body, setBody, keys, setKeys, tag, setTag } = fields;
  const lock = lockOf(detail);
  const isBrokenJson = detail.body.kind === 'json' && body !== undefined && !isJson(body);
  return (
    <>
      {body === undefined || lock !== null ? (
        <Banner tone="info" className="mb12">
          {t(`locked.${lock ?? 'binary'}`)}
        </Banner>
      ) : (
        <TextArea
          label={t('body')}
          fieldClass={MONO}
          rows={10}
          spellCheck={false}
          value={body}
          hint={isBrokenJson ? <span className="warn">{t('brokenJson')}</span> : undefined}
          onChange={(event) => setBody(event.target.value)}
        />
      )}
      <div className="flex top-al gap-3 max-[720px]:flex-wrap">
        <TextField
          label={t('keys')}
          fieldClass="flex-1"
          hint={t('keysHint')}
          value={keys}
          mono
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setKeys(event.target.value)}
        />
        <TextField
          label={t('tag')}
          fieldClass="flex-1"
          value={tag}
          mono
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setTag(event.target.value)}
        />
      </div>
      <PropertyRows rows={fields.rows} setRows={fields.setRows} />
      <p className="lab flex">
        <Icon name="lock" size={12} /> {t('lockedTitle')}
      </p>
      <p className="hint mb8">{t('lockedWhat')}</p>
      <KvList
        small
        mono
        className="mb12 [overflow-wrap:anywhere]"
        items={lockedNames(detail).map((name) => ({ id: name, label: name, value: detail.properties[name] }))}
      />
    </>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
