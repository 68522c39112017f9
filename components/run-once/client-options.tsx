'use client';
import { RadioOptions } from '@/components/ui/radio-options';
import type { RunOncePlan } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';

type Props = { clients: RunOncePlan['clients']; chosen: string | null; onChoose: (clientId: string) => void };

/** Connected clients of the group; one that cannot run a message says why. */
export function ClientOptions({ clients, chosen, onChoose }: Props) {
  const t = useT('run-once');
  return (
    <RadioOptions
      legend={t('client')}
      value={chosen ?? ''}
      onChange={onChoose}
      options={clients.map(({ clientId, address, language, version, orderly, cannot }) => ({
        value: clientId,
        label: <span className="mono break-all">{clientId}</span>,
        description: [t('facts', { language, version, address }), orderly ? t('inOrder') : null]
          .filter(Boolean)
          .join(', '),
        disabledReason: cannot ? t(`cannot.${cannot}`) : undefined,
      }))}
    />
  );
}
