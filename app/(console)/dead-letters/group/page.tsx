import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Words } from '@/app/page-words';
import { firstPage, Prefetch } from '@/app/prefetch';
import { LedgerView } from '@/components/dead-letters/ledger-view';
import { ledgerInput, readLedgerParams } from '@/components/dead-letters/search-params';
import { translator } from '@/lib/i18n/translator';
import { failuresQuery, lettersPagesQuery } from '@/lib/queries/dead-letters';
import { call } from '@/lib/server/endpoint';
import { failuresList, lettersList } from '@/lib/server/endpoints/dead-letters';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = translator(await pageLocale(), 'dead-letters');
  const { group } = await readLedgerParams(searchParams);
  return { title: group ? t('ledger.title', { group }) : t('title') };
}

export default async function DeadLettersGroupPage({ searchParams }: Props) {
  const input = ledgerInput(await readLedgerParams(searchParams));
  if (!input.group) notFound();
  const caller = await pageCaller();
  const { queryKey } = lettersPagesQuery(input);
  const causes = { cluster: input.cluster, group: input.group };
  return (
    <Words of={['dead-letters', 'messages', 'trace', 'redrive', 'edit', 'run-once', 'purge', 'jobs']}>
      <Prefetch
        queries={[
          { queryKey, queryFn: () => firstPage(call(lettersList, input, caller)) },
          { queryKey: failuresQuery(causes).queryKey, queryFn: () => call(failuresList, causes, caller) },
        ]}
      >
        <LedgerView key={input.group} />
      </Prefetch>
    </Words>
  );
}
