import type { RemotingCommand } from '../../remoting/command';
import { CodecError } from '../codec/codec-error';
import type { FastjsonObject } from '../codec/fastjson';
import { booleanOf, integerOf, textOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

export interface ConsumeMessageDirectlyInput {
  consumerGroup: string;
  clientId: string;
  /** Offset message id of the record; the broker reads nothing of it but the commit log position. */
  msgId: string;
  topic: string;
}

/** `ConsumeMessageDirectlyResult.java`, as the client's SDK wrote it: any field may be missing. */
export interface ConsumeMessageDirectlyOutput {
  /** `CMResult`: CR_SUCCESS, CR_LATER, CR_ROLLBACK, CR_COMMIT, CR_THROW_EXCEPTION, CR_RETURN_NULL. */
  consumeResult: string | null;
  /** What was thrown. */
  remark: string | null;
  spentMs: number | null;
  /** Whether a listener that consumes in order was called. */
  order: boolean | null;
  autoCommit: boolean | null;
}

/** An offset message id: 4 or 16 bytes of address, 4 of port, 8 of position. */
const OFFSET_ID = /^(?:[0-9A-F]{32}|[0-9A-F]{56})$/i;

/**
 * The master that holds the record and to which the client is connected. `consumerGroup`, `clientId`, `msgId`, `topic`; body
 * `{"autoCommit":true,"consumeResult":"CR_SUCCESS","order":false,"remark":"…","spentTimeMills":3}`. The client's listener really runs; no
 * offset moves and nothing is retried. An unknown group is created by it: look first. Relayed with 10 s, so wait 12 s. Errors: 207 the client
 * did not answer and may still be at it, 1 not online here, too old, no push consumer of the group, or the relay broke.
 */
export const CONSUME_MESSAGE_DIRECTLY = defineRequest<
  ConsumeMessageDirectlyInput,
  ConsumeMessageDirectlyOutput,
  'WRITE'
>({
  name: 'CONSUME_MESSAGE_DIRECTLY',
  code: 309,
  access: 'WRITE',
  encode: ({ consumerGroup, clientId, msgId, topic }) => {
    // Any other text is decoded as a garbage position.
    if (!OFFSET_ID.test(msgId)) throw new CodecError('request', 'msgId must be an offset message id');
    return { fields: { consumerGroup, clientId, msgId, topic } };
  },
  decode: (reply) => {
    const result = resultOf(reply);
    return {
      consumeResult: textOf(result.consumeResult),
      remark: textOf(result.remark),
      spentMs: integerOf(result.spentTimeMills),
      order: booleanOf(result.order),
      autoCommit: booleanOf(result.autoCommit),
    };
  },
});

/** The listener has run by now: a body nobody can read is a result that is not known, and no failure of the call. */
function resultOf(reply: RemotingCommand): FastjsonObject {
  try {
    return bodyObject(reply, 'ConsumeMessageDirectlyResult');
  } catch (error) {
    if (error instanceof CodecError) return Object.create(null) as FastjsonObject;
    throw error;
  }
}
