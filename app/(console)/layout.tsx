import type { ReactNode } from 'react';
import { Prefetch } from '@/app/prefetch';
import { ConnectedShell } from '@/components/shell/connected-shell';
import { clustersQuery } from '@/lib/queries/clusters';
import { meQuery } from '@/lib/queries/me';
import { call } from '@/lib/server/endpoint';
import { listClustersEndpoint } from '@/lib/server/endpoints/clusters';
import { meEndpoint } from '@/lib/server/endpoints/session';
import { pageCaller } from '@/lib/server/page';

export const dynamic = 'force-dynamic';

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const caller = await pageCaller();
  return (
    <Prefetch
      queries={[
        { ...clustersQuery(), queryFn: () => call(listClustersEndpoint, {}, caller) },
        { ...meQuery(), queryFn: () => call(meEndpoint, {}, caller) },
      ]}
    >
      <ConnectedShell>{children}</ConnectedShell>
    </Prefetch>
  );
}
