import type { GroupMember } from '@/lib/contract/groups';
import type { RunOncePlan } from '@/lib/contract/plans';
import type { Ctx } from '../ctx';
import { readMembers } from '../groups/members';
import { requireSnapshot } from '../snapshot/require-snapshot';

export type RunClient = RunOncePlan['clients'][number] & {
  /** It did not answer a question about itself, so it may not answer this either. */
  isSilent: boolean;
};

/** Who is connected for the group, and why one cannot be asked to run a message that lies on `broker`. */
export async function runClients(ctx: Ctx, group: string, broker: string) {
  const { members, failures } = await readMembers(ctx, requireSnapshot(ctx), group);
  const clients = members.map(
    (member): RunClient => ({
      clientId: member.clientId,
      address: member.address,
      language: member.language,
      version: member.version,
      orderly: member.running?.orderly ?? null,
      cannot: cannotRun(member, broker),
      isSilent: member.notRead !== null && member.notRead !== 'budget',
    }),
  );
  return { clients, failures };
}

/** Only the broker that holds the record relays it, and only a push consumer has a listener to call. */
function cannotRun({ running, brokers }: GroupMember, broker: string): RunClient['cannot'] {
  if (!brokers.includes(broker)) return 'not_on_broker';
  const type = running?.consumeType;
  return type === 'pull' || type === 'pop' ? type : null;
}
