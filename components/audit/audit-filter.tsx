'use client';
import { FilterBar, FilterText, RemovableFilter } from '@/components/shared/filter-bar';
import { saveUrl } from '@/components/shared/save-text';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { Select } from '@/components/ui/select';
import type { AuditReply } from '@/lib/contract/audit';
import { AUDIT_ACTIONS, AUDIT_AGES, AUDIT_OUTCOMES, type AuditOutcome } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import { auditExportUrl } from '@/lib/queries/audit';
import { useActionWord } from './audit-words';
import { type AuditParams, auditInput } from './search-params';

type Props = {
  params: AuditParams;
  actors: AuditReply['actors'];
  onChange: (change: Partial<{ [Name in keyof AuditParams]: AuditParams[Name] | null }>) => void;
};

export function AuditFilter({ params, actors, onChange }: Props) {
  const t = useT('audit');
  const f = useFormat();
  const actionWord = useActionWord();
  const actions: string[] = [...AUDIT_ACTIONS];
  // What the address asks for stays among the choices, known or not.
  if (params.action !== null && !actions.includes(params.action)) actions.push(params.action);
  const people = actors.map(({ id, name }) => ({ value: id, label: name }));
  if (params.who !== null && !people.some(({ value }) => value === params.who))
    people.push({ value: params.who, label: params.who });
  const time = (text: string) => (Number.isNaN(Date.parse(text)) ? text : f.time(Date.parse(text)));
  return (
    <FilterBar>
      <FilterText label={t('filter')} value={params.q} onChange={(q) => onChange({ q: q || null })} width="w-200" />
      <Select
        label={t('filters.who')}
        value={params.who ?? ''}
        options={[{ value: '', label: t('filters.anyone') }, ...people]}
        onChange={(who) => onChange({ who: who || null })}
      />
      <Select
        label={t('filters.action')}
        value={params.action ?? ''}
        options={[
          { value: '', label: t('filters.anyAction') },
          ...actions.map((action) => ({ value: action, label: actionWord(action) })),
        ]}
        onChange={(action) => onChange({ action: action || null })}
      />
      <Select<AuditOutcome | ''>
        label={t('filters.outcome')}
        value={params.outcome ?? ''}
        options={[
          { value: '', label: t('filters.anyOutcome') },
          ...AUDIT_OUTCOMES.map((outcome) => ({ value: outcome, label: t(`outcome.${outcome}`) })),
        ]}
        onChange={(outcome) => onChange({ outcome: outcome || null })}
      />
      {params.from || params.to ? null : (
        <Select
          label={t('filters.last')}
          className="w-120"
          value={params.last}
          options={AUDIT_AGES.map((last) => ({ value: last, label: t(`range.${last}`) }))}
          onChange={(last) => onChange({ last })}
        />
      )}
      {params.resource ? (
        <RemovableFilter name={t('columns.on')} value={params.resource} onRemove={() => onChange({ resource: null })} />
      ) : null}
      {params.from ? (
        <RemovableFilter name={t('filters.from')} value={time(params.from)} onRemove={() => onChange({ from: null })} />
      ) : null}
      {params.to ? (
        <RemovableFilter name={t('filters.to')} value={time(params.to)} onRemove={() => onChange({ to: null })} />
      ) : null}
      <span className="mla">
        <Menu
          align="end"
          trigger={
            <Button size="small" icon="download" trailing="chevron-down">
              {t('export.label')}
            </Button>
          }
          items={(['csv', 'jsonl'] as const).map((format) => ({
            id: format,
            label: format === 'csv' ? t('export.csv') : t('export.jsonl'),
            onSelect: () => saveUrl(auditExportUrl(auditInput(params), format)),
          }))}
        />
      </span>
    </FilterBar>
  );
}
