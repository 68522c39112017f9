'use client';
import { Button, IconButton } from '@/components/ui/button';
import { TextField } from '@/components/ui/text-field';
import { useT } from '@/lib/i18n/use-t';
import type { DraftFields } from './use-letter-draft';

/** The application's own properties: name and value, another one, one less. */
export function PropertyRows({ rows, setRows }: Pick<DraftFields, 'rows' | 'setRows'>) {
  const t = useT('edit');
  const set = (key: number, part: { name?: string; value?: string }) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const next = 1 + Math.max(-1, ...rows.map(({ key }) => key));
  return (
    <fieldset className="mb12 min-w-0">
      <legend className="lab">{t('properties')}</legend>
      {rows.length === 0 ? <p className="small fg3 mb8">{t('noProperties')}</p> : null}
      {rows.map(({ key, name, value }, index) => (
        <div key={key} className="flex mb8 gap-1.5">
          <TextField
            fieldClass="mb-0! flex-1 min-w-0 [&_.input]:min-w-0"
            hideLabel
            label={t('propertyName', { n: index + 1 })}
            value={name}
            mono
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => set(key, { name: event.target.value })}
          />
          <TextField
            fieldClass="mb-0! flex-[2] min-w-0 [&_.input]:min-w-0"
            hideLabel
            label={t('propertyValue', { name: name || String(index + 1) })}
            value={value}
            mono
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => set(key, { value: event.target.value })}
          />
          <IconButton
            icon="close"
            label={t('removeProperty', { name: name || String(index + 1) })}
            onClick={() => setRows(rows.filter((row) => row.key !== key))}
          />
        </div>
      ))}
      <Button size="small" onClick={() => setRows([...rows, { key: next, name: '', value: '' }])}>
        {t('addProperty')}
      </Button>
    </fieldset>
  );
}
