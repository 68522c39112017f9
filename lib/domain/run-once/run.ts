import type { RunOnceResult } from '@/lib/contract/run-once';
import { CONSUME_MESSAGE_DIRECTLY } from '@/lib/rocketmq/requests/consume-message-directly';
import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import type { StepState } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import type { Outcome, RunningOperation } from '../mutation';
import type { RunAnswer, RunOnceInput } from './input';
import { outcomeOfAnswer, outcomeOfError } from './outcome';
import { findSiblings } from './siblings';

/** The broker waits 10 s for the client. */
const WAIT_MS = 12_500;
const STEP_OF: Record<RunOnceResult['outcome'], StepState> = {
  succeeded: 'DONE',
  failed: 'DONE',
  not_run: 'FAILED',
  unknown: 'UNKNOWN',
};

/** Asks the client once, with the intent in the journal before the frame and the answer after it. */
export async function runOnce(
  ctx: Ctx,
  operation: RunningOperation<RunOnceInput>,
  capability: WriteCapability,
): Promise<Outcome> {
  const { input } = operation;
  const step = stepOf(operation, ctx.now());
  const { operations } = ctx.store;
  await operations.putStep({ ...step, state: 'INTENT', detailJson: null, endedAt: null });
  ctx.crashPoint?.('before_run_once');
  const answered = await ask(ctx, input, capability);
  ctx.crashPoint?.('after_run_once');
  const endedAt = ctx.now();
  const isAnswered = answered.consumeResult !== null || answered.code !== null;
  const answer: RunAnswer = { ...aboutOf(input, step.startedAt), ...answered, answeredAt: isAnswered ? endedAt : null };
  await operations.putStep({
    ...step,
    state: STEP_OF[answer.outcome],
    detailJson: JSON.stringify(answer),
    endedAt,
  });
  return outcomeOf(answer, answer.outcome === 'failed' ? await findSiblings(ctx, input, answer.remark) : null);
}

/** After a crash: what is in the journal is told, nothing is asked again. */
export async function tellRun(ctx: Ctx, operation: RunningOperation<RunOnceInput>): Promise<Outcome> {
  const [step] = await ctx.store.operations.steps(operation.id);
  if (step?.detailJson) return outcomeOf(JSON.parse(step.detailJson) as RunAnswer, null);
  const answer: RunAnswer = {
    ...aboutOf(operation.input, step?.startedAt ?? operation.createdAt),
    outcome: step ? 'unknown' : 'not_run',
    consumeResult: null,
    code: null,
    remark: null,
    spentMs: null,
    order: null,
    autoCommit: null,
    answeredAt: null,
  };
  if (step)
    await ctx.store.operations.putStep({
      ...step,
      state: 'UNKNOWN',
      detailJson: JSON.stringify(answer),
      endedAt: null,
    });
  return outcomeOf(answer, null);
}

async function ask(ctx: Ctx, { group, letter, ...input }: RunOnceInput, capability: WriteCapability) {
  try {
    const answer = await ctx.client.call(
      CONSUME_MESSAGE_DIRECTLY,
      { consumerGroup: group, clientId: input.clientId, msgId: input.messageId, topic: input.topicSeen },
      { broker: letter.broker, capability, deadlineAt: ctx.now() + WAIT_MS, signal: ctx.signal },
    );
    return outcomeOfAnswer(answer);
  } catch (error) {
    return outcomeOfError(error);
  }
}

function outcomeOf(answer: RunAnswer, siblings: RunOnceResult['siblings']): Outcome {
  const { outcome, consumeResult, clientId: client, remark, code } = answer;
  const run: RunOnceResult = { ...answer, siblings };
  const result = { run };
  if (outcome === 'unknown') {
    return { state: 'PARTIAL', counts: { MAYBE_RUN: 1 }, result, error: { key: 'maybe_run', params: { client } } };
  }
  if (outcome === 'not_run') {
    const said = [code, remark?.split('\n', 1)[0]?.slice(0, 300)].filter((part) => part != null).join(' ');
    const error = said ? { key: 'run_refused', params: { client, said } } : { key: 'run_not_begun' };
    return { state: 'FAILED', counts: { NOT_RUN: 1 }, result, error };
  }
  return { state: 'DONE', counts: { [consumeResult ?? 'MAYBE_RUN']: 1 }, result };
}

const stepOf = (operation: RunningOperation<RunOnceInput>, startedAt: number) => ({
  operationId: operation.id,
  n: 0,
  broker: operation.input.letter.broker,
  action: 'run_once',
  startedAt,
});

const aboutOf = ({ letter, clientId, topicSeen }: RunOnceInput, askedAt: number) => ({
  id: letter.id,
  clientId,
  topicSeen,
  askedAt,
});
