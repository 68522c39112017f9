import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { firstPage, Prefetch } from '@/app/prefetch';
import { AuditView } from '@/components/audit/audit-view';
import { auditInput, readAuditParams } from '@/components/audit/search-params';
import { translator } from '@/lib/i18n/translator';
import { auditPagesQuery } from '@/lib/queries/audit';
import { call } from '@/lib/server/endpoint';
import { listAuditEndpoint } from '@/lib/server/endpoints/audit';
import { pageCaller, pageLocale } from '@/lib/server/page';

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: translator(await pageLocale(), 'audit')('title') };
}

export default async function AuditPage({ searchParams }: Props) {
  const input = auditInput(await readAuditParams(searchParams));
  const caller = await pageCaller();
  return (
    <Words of={['audit', 'jobs']}>
      <Prefetch
        queries={[
          {
            queryKey: auditPagesQuery(input).queryKey,
            queryFn: () => firstPage(call(listAuditEndpoint, input, caller)),
          },
        ]}
      >
        <AuditView />
      </Prefetch>
    </Words>
  );
}
