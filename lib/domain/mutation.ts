import { createHash } from 'node:crypto';
import { mintWriteCapability, type WriteCapability } from '@/lib/rocketmq/write-capability';
import { canonicalJson } from '@/lib/store/canonical-json';
import { isUniqueViolation, StoreError } from '@/lib/store/errors';
import type { Operation, OperationPatch } from '@/lib/store/operations';
import type { EndedOperationState, OperationKind, OperationState } from '@/lib/store/schema';
import type { StoreTables } from '@/lib/store/tables';
import { accessRefused } from './access-refused';
import { recordAudit } from './audit/record';
import { unavailable } from './audit/unavailable';
import type { Ctx } from './ctx';
import { DomainError } from './errors';
import { groupLocked } from './group-lock';
import { auditEntry, auditedFile, auditOutcome } from './mutation-audit';
import { newOperation } from './new-operation';
import { isPermitted, notPermitted, type Permission } from './permission';

/** What a write acts on; `group` is what the lock is on, null locks nothing. */
export interface Resource {
  type: 'group' | 'topic' | 'cluster';
  name: string;
  group: string | null;
  topic?: string;
  /** Topics of others that it writes to: the permission is needed there too. */
  alsoTopics?: readonly string[];
}

/** What comes with every request for a write. */
export interface WriteRequest {
  reason: string;
  idempotencyKey?: string;
  planId?: string;
  previewHash?: string;
}

/** How a run ended; PAUSED keeps the group locked and waits for `resume`. */
export interface Outcome {
  state: EndedOperationState | 'PAUSED';
  counts?: Record<string, number>;
  result?: unknown;
  /** Message key and parameters of what went wrong. */
  error?: { key: string; params?: Record<string, string | number> };
}

/** The operation as its worker sees it. Its writes are fenced: they throw once another worker has taken over. */
export interface RunningOperation<Input> extends Readonly<Operation> {
  readonly input: Input;
  /** Says "still alive", and shows progress. */
  heartbeat(counts?: Record<string, number>): Promise<void>;
  /** Keeps `policyJson`. */
  setPolicy(policyJson: string): Promise<void>;
  setState(state: 'RUNNING' | 'VERIFYING'): Promise<void>;
}

type Run<Input> = (ctx: Ctx, operation: RunningOperation<Input>, capability: WriteCapability) => Promise<Outcome>;

export interface MutationSpec<Input> {
  /** Noun and verb, e.g. `offsets.reset`: the action of the audit trail, and how the job runner finds it again. */
  name: string;
  kind: OperationKind;
  permission: Permission;
  resource(input: Input): Resource;
  /** Columns of the journal that only some kinds fill. */
  describe?(input: Input): Partial<Pick<Operation, 'targetMode' | 'targetTopic' | 'rate' | 'policyJson'>>;
  /** Rows committed together with the operation: its items, its queues. Sends nothing. */
  freeze?(tables: StoreTables, operation: Operation, input: Input): Promise<void>;
  run: Run<Input>;
  /** After a restart. Without it an interrupted operation ends as PARTIAL. Never run again what may have been done. */
  resume?: Run<Input>;
}

export interface Mutation<Input> {
  readonly name: string;
  readonly kind: OperationKind;
  readonly permission: Permission;
  /**
   * Puts the operation into the journal, state QUEUED, with the group lock and the audit intent in the
   * same commit. The same idempotency key and input answer the operation of the first time.
   * `DomainError`: FORBIDDEN `not_permitted`, CONFLICT `group_locked` (details: the operation that holds
   * the lock), UNPROCESSABLE `idempotency_mismatch`, UNAVAILABLE `audit_unavailable`.
   */
  start(ctx: Ctx, input: Input, request: WriteRequest): Promise<{ operation: Operation; isReplay: boolean }>;
  /**
   * Runs a QUEUED operation to its end and records it; never throws what the run threw.
   * `DomainError`: CONFLICT `operation_taken`, UNAVAILABLE `audit_unavailable`.
   */
  execute(ctx: Ctx, operation: Operation): Promise<Operation>;
  /** Takes over an operation that was RUNNING, VERIFYING or PAUSED. Errors as `execute`. */
  resume(ctx: Ctx, operation: Operation): Promise<Operation>;
  /** Ends an operation nobody works on (QUEUED or PAUSED). CONFLICT `operation_taken` when it runs or has ended. */
  cancel(ctx: Ctx, operation: Operation): Promise<Operation>;
}

/**
 * The only way to export a write. It checks the permission, takes the group lock, writes the audit
 * intent before and the outcome after, keeps the operation row, and mints the capability that a WRITE
 * request asks for; a verb made with it cannot leave one of them out.
 */
export function mutation<Input>(spec: MutationSpec<Input>): Mutation<Input> {
  async function start(ctx: Ctx, input: Input, request: WriteRequest) {
    const requestHash = createHash('sha256')
      .update(
        canonicalJson({ mutation: spec.name, cluster: ctx.cluster, input, ...request, idempotencyKey: undefined }),
      )
      .digest('hex');
    await refuseUnlessPermitted(ctx, input);
    const earlier = await replayed(ctx, request, requestHash);
    if (earlier) return { operation: earlier, isReplay: true };

    const operation = newOperation(ctx, spec, input, request, requestHash);
    try {
      await ctx.store.transaction(async (tables) => {
        await tables.operations.insert(operation);
        await spec.freeze?.(tables, operation, input);
        await tables.audit.append(
          auditEntry(ctx, spec, spec.resource(input), {
            phase: 'intent',
            outcome: 'allowed',
            operation,
            params: input,
          }),
        );
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw unavailable(error);
      const same = await replayed(ctx, request, requestHash);
      if (same) return { operation: same, isReplay: true };
      throw (await groupLocked(ctx, operation.group)) ?? error;
    }
    ctx.crashPoint?.('after_freeze');
    return { operation, isReplay: false };
  }

  async function refuseUnlessPermitted(ctx: Ctx, input: Input): Promise<void> {
    const { type, name, alsoTopics = [] } = spec.resource(input);
    const scopes = [type === 'cluster' ? {} : { [type]: name }, ...alsoTopics.map((topic) => ({ topic }))];
    const { cluster, actor } = ctx;
    if (scopes.every((scope) => isPermitted(actor, spec.permission, { cluster, ...scope }))) return;
    const error = `not_permitted ${spec.permission}`;
    const resource = { type, name };
    await recordAudit(ctx, { action: spec.name, resource, phase: 'intent', outcome: 'denied', params: input, error });
    throw notPermitted(spec.permission);
  }

  async function work(
    ctx: Ctx,
    given: Operation,
    from: readonly OperationState[],
    run: Run<Input>,
  ): Promise<Operation> {
    if (given.mutation !== spec.name) throw new Error(`${spec.name} was handed an operation of ${given.mutation}`);
    const input = JSON.parse(given.inputJson) as Input;
    const claimed = await claim(ctx, given, from, input);
    const outcome = await outcomeOf(ctx, claimed, () =>
      run(
        ctx,
        runningOperation(ctx, claimed, input),
        mintWriteCapability(claimed.id, claimed.createdBy, claimed.cluster),
      ),
    );
    return finish(ctx, claimed, outcome, input);
  }

  /** Raises the epoch, and proves in the same commit that the intent stands in the audit trail and the trail can be written. */
  async function claim(ctx: Ctx, given: Operation, from: readonly OperationState[], input: Input): Promise<Operation> {
    if (given.cluster !== ctx.cluster) throw new Error(`operation ${given.id} belongs to cluster ${given.cluster}`);
    const claimed = await ctx.store
      .transaction(async (tables) => {
        if (!(await tables.audit.hasIntent(given.id))) throw new DomainError('UNAVAILABLE', 'audit_unavailable');
        const operation = await tables.operations.claim(given.id, given.epoch, from, ctx.now());
        if (operation && operation.epoch > 1) {
          const taken = {
            phase: 'intent',
            outcome: 'allowed',
            operation,
            params: { resumedAtEpoch: operation.epoch },
          } as const;
          await tables.audit.append(auditEntry(ctx, spec, spec.resource(input), taken));
        }
        return operation;
      })
      .catch((error) => {
        throw unavailable(error);
      });
    if (!claimed) throw new DomainError('CONFLICT', 'operation_taken', { operation: given.id });
    return claimed;
  }

  async function finish(ctx: Ctx, operation: Operation, outcome: Outcome, input: Input): Promise<Operation> {
    const patch: OperationPatch = {
      state: outcome.state,
      heartbeatAt: ctx.now(),
      resultJson: outcome.result === undefined ? null : JSON.stringify(outcome.result),
      errorJson: outcome.error ? JSON.stringify(outcome.error) : null,
      endedAt: outcome.state === 'PAUSED' ? null : ctx.now(),
      ...(outcome.counts && { countsJson: JSON.stringify(outcome.counts) }),
    };
    try {
      await ctx.store.transaction(async (tables) => {
        if (!(await tables.operations.updateAs(operation.id, operation.epoch, patch))) throw takenOver(operation);
        await tables.audit.append(
          auditEntry(ctx, spec, spec.resource(input), {
            phase: 'result',
            outcome: auditOutcome(outcome),
            operation,
            params: auditedFile(outcome),
            counts: outcome.counts,
            error: outcome.error?.key,
          }),
        );
      });
    } catch (error) {
      throw unavailable(error);
    }
    return { ...operation, ...patch } as Operation;
  }

  return {
    name: spec.name,
    kind: spec.kind,
    permission: spec.permission,
    start,
    execute: (ctx, operation) => work(ctx, operation, ['QUEUED'], spec.run),
    resume: (ctx, operation) => work(ctx, operation, ['RUNNING', 'VERIFYING', 'PAUSED'], spec.resume ?? endInterrupted),
    cancel: (ctx, operation) => work(ctx, operation, ['QUEUED', 'PAUSED'], async () => ({ state: 'CANCELLED' })),
  };
}

const endInterrupted = async (): Promise<Outcome> => ({ state: 'PARTIAL', error: { key: 'interrupted' } });

async function replayed(ctx: Ctx, request: WriteRequest, requestHash: string): Promise<Operation | undefined> {
  if (request.idempotencyKey === undefined) return undefined;
  const earlier = await ctx.store.operations.byIdempotencyKey(ctx.actor.id, request.idempotencyKey).catch((error) => {
    throw unavailable(error);
  });
  if (earlier && earlier.requestHash !== requestHash) {
    throw new DomainError('UNPROCESSABLE', 'idempotency_mismatch', { operation: earlier.id });
  }
  return earlier;
}

function runningOperation<Input>(ctx: Ctx, operation: Operation, input: Input): RunningOperation<Input> {
  const write = async (patch: OperationPatch) => {
    const isMine = await ctx.store.operations.updateAs(operation.id, operation.epoch, {
      heartbeatAt: ctx.now(),
      ...patch,
    });
    if (!isMine) throw takenOver(operation);
  };
  return {
    ...operation,
    input,
    heartbeat: (counts) => write(counts ? { countsJson: JSON.stringify(counts) } : {}),
    setPolicy: (policyJson) => write({ policyJson }),
    setState: (state) => write({ state }),
  };
}

/** A store that fails in the middle pauses the operation: nothing more is sent without a durable intent. */
async function outcomeOf(ctx: Ctx, operation: Operation, run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    ctx.log.error({ operation: operation.id, err: error }, 'operation failed');
    if (error instanceof StoreError && error.code !== 'QUERY')
      return { state: 'PAUSED', error: { key: 'journal_unavailable' } };
    if (error instanceof DomainError && error.key === 'operation_taken') throw error;
    if (error instanceof DomainError) return { state: 'FAILED', error: { key: error.key, params: error.params } };
    const refused = accessRefused(error);
    if (refused) return { state: 'FAILED', error: refused };
    return {
      state: 'FAILED',
      error: { key: 'unexpected', params: { message: (error as Error).message.slice(0, 500) } },
    };
  }
}

const takenOver = (operation: Operation) => new DomainError('CONFLICT', 'operation_taken', { operation: operation.id });
