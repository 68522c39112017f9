'use client';
import dynamic from 'next/dynamic';
import { LagQueues } from '@/components/lag/lag-queues';
import { Skeleton } from '@/components/ui/skeleton';
import type { GroupDetail } from '@/lib/contract/groups';

/** Read after the first HTML: it asks the members, which may hang. */
const WhyView = dynamic(() => import('./why-view').then(({ WhyView: View }) => View), {
  ssr: false,
  loading: () => (
    <div className="mb12">
      <Skeleton width={180} />
    </div>
  ),
});

/** Why the group is as it is and what would help, above the queues that show it. */
export function GroupDiagnosis({
  input,
  group,
}: {
  input: { cluster: string | undefined; group: string };
  group: GroupDetail;
}) {
  return (
    <>
      {group.mode === 'BROADCASTING' ? null : <WhyView input={input} status={group.status} />}
      <LagQueues input={input} group={group} />
    </>
  );
}
