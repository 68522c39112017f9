import type { JobDetail, JobItem, JobKind, RedriveProgress } from '@/lib/contract/jobs';
import type { AnyPlan } from '@/lib/contract/plans';
import type { Operation } from '@/lib/store/operations';
import type { StoreTables } from '@/lib/store/tables';
import type { Ctx } from '../ctx';
import type { Mutation } from '../mutation';

/** A plan before it has a token. */
export type PlanDraft<Plan extends AnyPlan = AnyPlan> = Plan extends AnyPlan
  ? Omit<Plan, 'token' | 'expiresAt'>
  : never;

export interface ItemsQuery {
  only: 'exceptions' | 'all';
  limit: number;
  /** What the page before answered as `nextCursor`. */
  cursor?: string | undefined;
}
export interface ItemsPage {
  items: JobItem[];
  total: number;
  nextCursor: string | null;
}

/**
 * One kind of job: how it is planned, when the plan is stale, what runs it, and how its journal is read.
 * `Frozen` is what the plan keeps for itself beyond what it answers; it has to survive JSON.
 */
export interface JobSpec<PlanInput, Plan extends AnyPlan, Frozen, Input> {
  readonly kind: JobKind;
  readonly mutation: Mutation<Input>;
  /** Changes nothing. Input that cannot be planned is a `DomainError`; a plan that must not run has `refused`. */
  makePlan(ctx: Ctx, input: PlanInput): Promise<{ plan: PlanDraft<Plan>; frozen: Frozen }>;
  /** Looks again right before the start. Throws `DomainError` PLAN_STALE that says what changed (safety §5.9). */
  recheck?(ctx: Ctx, plan: PlanDraft<Plan>, frozen: Frozen): Promise<void>;
  /** What the mutation is started with: the same for the same plan. */
  toInput(plan: PlanDraft<Plan>, frozen: Frozen): Input;
  /** Whether the mutation's resource names the group, so that no other job of it may be active. */
  readonly locksGroup: boolean;
  readonly canPause: boolean;
  readonly canCancel: boolean;
  /** Count by outcome from the journal; default: the operation's own counts. Sums to the job's total. */
  outcomes?(store: StoreTables, operation: Operation): Promise<Record<string, number>>;
  /** Default: none. */
  items?(store: StoreTables, operation: Operation, query: ItemsQuery): Promise<ItemsPage>;
  /**
   * A cancel while nobody works on it runs it once more, with the cancel asked for from the start: it does nothing new,
   * finds out what became of what it did, and ends. Default: it ends as it stands.
   */
  readonly closesByRun?: boolean;
  undo?(ctx: Ctx, operation: Operation): Promise<JobDetail['undo']>;
  /** Where it stands besides its counts, from the journal. */
  progress?(operation: Operation): RedriveProgress | null;
  /** Letters that its export has written, of how many; null while it writes none. */
  exported?(operation: Operation): JobDetail['exported'];
  /** What it removed and the cluster has again. */
  returned?(store: StoreTables, operation: Operation): Promise<JobDetail['returned']>;
  /** What the job acts on besides its group, for the detail page. */
  target?(operation: Operation): string | null;
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds specs of different plans; each is only fed what it made itself.
export type AnyJobSpec = JobSpec<any, any, any, any>;

export function defineJob<PlanInput, Plan extends AnyPlan, Frozen, Input>(
  spec: JobSpec<PlanInput, Plan, Frozen, Input>,
): JobSpec<PlanInput, Plan, Frozen, Input> {
  return spec;
}

/** Written by a job's `Outcome.result`; the file itself lies in `exportsDir` under `name` (ASCII, no folder). */
export interface JobResult {
  file?: JobDetail['file'];
  /** Why there is none although there should be one, as the system says it. */
  fileProblem?: string;
  run?: JobDetail['run'];
}

export const resultOf = (operation: Operation): JobResult =>
  operation.resultJson === null ? {} : (JSON.parse(operation.resultJson) as JobResult);
