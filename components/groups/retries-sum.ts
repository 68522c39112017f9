import type { GroupDetail } from '@/lib/contract/groups';

/** Waiting and due together; where one of the two is unknown, the other if there are any: at least so many. */
export function retriesSum({ retriesWaiting, retriesDue }: Pick<GroupDetail, 'retriesWaiting' | 'retriesDue'>) {
  if (retriesWaiting !== null && retriesDue !== null) return retriesWaiting + retriesDue;
  return retriesWaiting || retriesDue || null;
}
