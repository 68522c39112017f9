import type { GroupDetail } from '@/lib/contract/groups';
import type { Ctx } from '../ctx';
import { undoOf } from '../offsets/undo';

/** Who holds the group's lock, and the latest reset that may still be taken back. Without a store there is neither. */
export async function jobsOfGroup(ctx: Ctx, group: string): Promise<Pick<GroupDetail, 'activeJob' | 'undo'>> {
  try {
    const [active, [reset]] = await Promise.all([
      ctx.store.operations.activeOfGroup(ctx.cluster, group),
      ctx.store.operations.list({
        cluster: ctx.cluster,
        group,
        kinds: ['reset'],
        states: ['DONE', 'PARTIAL'],
        limit: 1,
      }),
    ]);
    const activeJob = active ? { id: active.id, kind: active.kind, state: active.state } : null;
    if (!reset || reset.topic === null || !(await undoOf(ctx, reset))?.possible) return { activeJob, undo: null };
    const { id: jobId, topic, endedAt, createdAt, createdByName: actor } = reset;
    return { activeJob, undo: { jobId, topic, at: endedAt ?? createdAt, actor } };
  } catch (error) {
    ctx.log.warn({ cluster: ctx.cluster, group, err: error }, 'jobs of the group could not be read');
    return { activeJob: null, undo: null };
  }
}
