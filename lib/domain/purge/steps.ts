import type { JobItem } from '@/lib/contract/jobs';
import type { Operation } from '@/lib/store/operations';
import type { StepState } from '@/lib/store/schema';
import type { StoreTables } from '@/lib/store/tables';
import type { Ctx } from '../ctx';
import type { ItemsPage, ItemsQuery } from '../jobs/job-spec';

export type StepAction =
  | 'export'
  | 'compare'
  | 'delete_on_broker'
  | 'delete_on_name_server'
  | 'verify_broker'
  | 'verify_route'
  | 'clear_marks'
  /** After a restart of the broker, when the job has long ended. */
  | 'look_again';
export type StepDetail = Record<string, string | number | null>;

/** The journal of a purge: one row per call, written before it and after it. */
export class PurgeSteps {
  #n = 0;

  constructor(
    private readonly ctx: Ctx,
    private readonly operationId: string,
  ) {}

  /** Runs one step between its two rows, both of which tell what is `known` before. What `work` throws is recorded as UNKNOWN and thrown on. */
  async run<T>(
    action: StepAction,
    on: string,
    work: () => Promise<{ state: StepState; detail: StepDetail; value: T }>,
    known?: StepDetail,
  ): Promise<T> {
    const n = this.#n++;
    const startedAt = this.ctx.now();
    const row = { operationId: this.operationId, n, broker: on, action, startedAt };
    const { operations } = this.ctx.store;
    const detailJson = known ? JSON.stringify(known) : null;
    await operations.putStep({ ...row, state: 'INTENT', detailJson, endedAt: null });
    try {
      const { state, detail, value } = await work();
      const told = JSON.stringify({ ...known, ...detail });
      await operations.putStep({ ...row, state, detailJson: told, endedAt: this.ctx.now() });
      return value;
    } catch (error) {
      const detail: StepDetail = { ...known, error: (error as Error).message.slice(0, 500) };
      await operations.putStep({
        ...row,
        state: 'UNKNOWN',
        detailJson: JSON.stringify(detail),
        endedAt: this.ctx.now(),
      });
      throw error;
    }
  }
}

export async function stepOutcomes(store: StoreTables, operation: Operation): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of await store.operations.steps(operation.id)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

export async function listSteps(
  store: StoreTables,
  operation: Operation,
  { only, limit, cursor }: ItemsQuery,
): Promise<ItemsPage> {
  const after = cursor !== undefined && /^\d{1,6}$/.test(cursor) ? Number(cursor) : -1;
  const steps = (await store.operations.steps(operation.id)).filter(
    ({ state }) => only === 'all' || (state !== 'DONE' && state !== 'PENDING'),
  );
  const rest = steps.filter(({ n }) => n > after);
  const items = rest.slice(0, limit).map(
    ({ n, broker, action, state, detailJson, startedAt, endedAt }): JobItem => ({
      n,
      label: broker === '' ? action : `${action} ${broker}`,
      state,
      attempts: 1,
      evidence: {
        action,
        on: broker || null,
        startedAt,
        endedAt,
        ...(detailJson ? (JSON.parse(detailJson) as StepDetail) : {}),
      },
      link: null,
    }),
  );
  return { items, total: steps.length, nextCursor: rest.length > limit ? String(items.at(-1)?.n ?? 0) : null };
}
