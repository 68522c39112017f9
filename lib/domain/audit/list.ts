import type { z } from 'zod';
import type { AuditReply, auditQuery } from '@/lib/contract/audit';
import type { Ctx } from '../ctx';
import { chainWatch } from './chain';
import { chainOf, filterOf, rowOf, seenBy } from './row';

const MOST_ACTORS = 200;

/** The audit trail of the cluster, newest first; the cursor is the `seq` of the last entry. */
export async function listAudit(ctx: Ctx, query: z.output<typeof auditQuery>): Promise<AuditReply> {
  const { audit } = ctx.store;
  const filter = filterOf(ctx, query);
  const isFirst = query.cursor === undefined;
  const [rows, total, actors] = await Promise.all([
    audit.list({ ...filter, before: query.cursor, limit: query.limit + 1 }),
    audit.count(filter),
    isFirst ? audit.actors(seenBy(ctx), MOST_ACTORS) : [],
  ]);
  const items = rows.slice(0, query.limit).map(rowOf);
  const { checked } = chainWatch(ctx.store);
  return {
    items,
    total,
    nextCursor: rows.length > query.limit ? String(items.at(-1)?.seq) : null,
    asOf: ctx.now(),
    failures: [],
    chain: checked && chainOf(checked),
    actors,
  };
}
