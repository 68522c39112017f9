'use client';
import { ShortTable } from '@/components/shared/short-table';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { AuditEntryReply } from '@/lib/contract/audit';
import { useT } from '@/lib/i18n/use-t';
import { AuditOutcomeWord, useActionWord, useDetail } from './audit-words';

/** What the trail holds of the same job: the entry before it ran beside those after. */
export function EntryPhases({
  reply: { entry, entries },
  onOpen,
}: {
  reply: AuditEntryReply;
  onOpen: (seq: number) => void;
}) {
  const t = useT('audit');
  const f = useFormat();
  const action = useActionWord();
  const detail = useDetail();
  if (entry.operationId === null) return null;
  const isOpen = !entries.some(({ phase, action: name }) => phase === 'result' && !name.startsWith('job.'));
  return (
    <section>
      <h3 className="h3">{t('phases.title')}</h3>
      <ShortTable
        caption={t('phases.caption')}
        height="max-h-[220px]"
        heads={[
          { id: 'entry', label: t('phases.entry') },
          { id: 'when', label: t('phases.when') },
          { id: 'what', label: t('phases.what') },
          { id: 'outcome', label: t('phases.outcome') },
        ]}
        footer={isOpen ? t('phases.noResult') : undefined}
      >
        {entries.map((each) => {
          const said = detail({ ...each, reason: null });
          return (
            <tr key={each.seq} className={each.seq === entry.seq ? 'cur' : undefined}>
              <th scope="row">
                {each.seq === entry.seq ? (
                  <span data-tip={t('phases.this')}>{f.count(each.seq)}</span>
                ) : (
                  <button type="button" className="link" onClick={() => onOpen(each.seq)}>
                    {f.count(each.seq)}
                  </button>
                )}
              </th>
              <td>
                <When at={each.at} form="time" />
              </td>
              <td className="clip" data-tip={said || undefined}>
                {action(each.action)} <span className="fg3">{t(`phase.${each.phase}`)}</span> {said}
              </td>
              <td>
                <AuditOutcomeWord outcome={each.outcome} />
              </td>
            </tr>
          );
        })}
      </ShortTable>
    </section>
  );
}
