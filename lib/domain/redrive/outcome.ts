import { CodecError } from '@/lib/rocketmq/codec/codec-error';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { FirewallError } from '@/lib/rocketmq/firewall';
import type { SendMessageOutput } from '@/lib/rocketmq/requests/send-message-v2';

export interface SendOutcome {
  state: 'CONFIRMED' | 'STORED_UNCERTAIN' | 'REJECTED' | 'UNKNOWN';
  /** Null when no answer came. */
  code: number | null;
  remark: string | null;
  offsetMsgId: string | null;
  queueOffset: number | null;
  /**
   * What a rejection means for the rest: `again` = wait and try again, `skip` = this message only, `stop` = the same
   * would happen to all of them.
   */
  next: 'go' | 'again' | 'skip' | 'stop';
}

const BUSY = new Set([2, 14, 215]);
const STOPPING = new Set([15, 16, 17, 26, 29]);
const MESSAGE_ILLEGAL = 13;

/** What an answer to SEND_MESSAGE_V2 says about the message (safety §5.2, `SendMessageProcessor.handlePutMessageResult`). */
export function outcomeOfAnswer({ code, msgId, queueOffset }: SendMessageOutput): SendOutcome {
  return {
    state: code === 0 ? 'CONFIRMED' : 'STORED_UNCERTAIN',
    code,
    remark: null,
    offsetMsgId: msgId,
    queueOffset,
    next: 'go',
  };
}

/** What a failed SEND_MESSAGE_V2 says. Rethrows what is none of its business. */
export function outcomeOfError(error: unknown): SendOutcome {
  const nothing = { offsetMsgId: null, queueOffset: null };
  if (error instanceof RocketMQError) {
    const { code } = error;
    const remark = error.remark.split('\n', 1)[0]?.slice(0, 300) ?? null;
    if (error.refusal) return { ...nothing, state: 'REJECTED', code, remark, next: 'stop' };
    if (BUSY.has(code)) return { ...nothing, state: 'REJECTED', code, remark, next: 'again' };
    if (code === MESSAGE_ILLEGAL) return { ...nothing, state: 'REJECTED', code, remark, next: 'skip' };
    if (STOPPING.has(code)) return { ...nothing, state: 'REJECTED', code, remark, next: 'stop' };
    return { ...nothing, state: 'UNKNOWN', code, remark, next: 'go' };
  }
  if (error instanceof RemotingError) {
    const remark = error.message.slice(0, 300);
    if (!error.sent) return { ...nothing, state: 'REJECTED', code: null, remark, next: 'again' };
    return { ...nothing, state: 'UNKNOWN', code: null, remark, next: 'go' };
  }
  // Refused before a byte was written.
  if (error instanceof CodecError || error instanceof FirewallError) {
    const next = error instanceof CodecError ? 'skip' : 'stop';
    return { ...nothing, state: 'REJECTED', code: null, remark: error.message.slice(0, 300), next };
  }
  throw error;
}
