import type { RunOnceResult } from '@/lib/contract/run-once';
import { CodecError } from '@/lib/rocketmq/codec/codec-error';
import { RESPONSE } from '@/lib/rocketmq/codes';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { FirewallError } from '@/lib/rocketmq/firewall';
import type { ConsumeMessageDirectlyOutput } from '@/lib/rocketmq/requests/consume-message-directly';

export type Answered = Pick<
  RunOnceResult,
  'outcome' | 'consumeResult' | 'code' | 'remark' | 'spentMs' | 'order' | 'autoCommit'
>;

/** Stack traces fit; a client may put anything into a remark. */
const REMARK_CHARS = 32_000;

const SUCCEEDED = new Set(['CR_SUCCESS', 'CR_COMMIT']);
const FAILED = new Set(['CR_LATER', 'CR_ROLLBACK', 'CR_THROW_EXCEPTION', 'CR_RETURN_NULL']);

/** What an answer to CONSUME_MESSAGE_DIRECTLY says; a result in no known word is `unknown`, since the code ran. */
export function outcomeOfAnswer(answer: ConsumeMessageDirectlyOutput): Answered {
  const { consumeResult, remark, spentMs, order, autoCommit } = answer;
  const word = consumeResult ?? '';
  const outcome = SUCCEEDED.has(word) ? 'succeeded' : FAILED.has(word) ? 'failed' : 'unknown';
  return { outcome, consumeResult, code: null, remark: cut(remark), spentMs, order, autoCommit };
}

/** Codes with which a broker says no before it asks the client. */
const REFUSALS: readonly number[] = [
  RESPONSE.SYSTEM_BUSY,
  RESPONSE.REQUEST_CODE_NOT_SUPPORTED,
  RESPONSE.NO_PERMISSION,
  RESPONSE.FLOW_CONTROL,
  RESPONSE.GO_AWAY,
];
/** `AdminBrokerProcessor.callConsumer` and `ClientRemotingProcessor.consumeMessageDirectly`: nobody there to run it. */
const NOBODY = /not online|too low to finish|not exist in this consumer/i;

/** What a failed call says: `not_run` only where it is certain. Rethrows what is none of its business. */
export function outcomeOfError(error: unknown): Answered {
  const nothing = { consumeResult: null, spentMs: null, order: null, autoCommit: null };
  if (error instanceof RocketMQError) {
    const { code, remark } = error;
    const isRefused =
      error.refusal !== null || REFUSALS.includes(code) || (code === RESPONSE.SYSTEM_ERROR && NOBODY.test(remark));
    return { ...nothing, outcome: isRefused ? 'not_run' : 'unknown', code, remark: cut(remark) };
  }
  if (error instanceof RemotingError) {
    return { ...nothing, outcome: error.sent ? 'unknown' : 'not_run', code: null, remark: cut(error.message) };
  }
  // Refused before a byte was written; what a client answers is read leniently.
  if (error instanceof CodecError || error instanceof FirewallError)
    return { ...nothing, outcome: 'not_run', code: null, remark: cut(error.message) };
  throw error;
}

const cut = (text: string | null): string | null => (text ? text.slice(0, REMARK_CHARS) : null);
