import { CodecError } from '../codec/codec-error';
import { integerOf } from '../codec/fastjson-fields';
import { encodeProperties } from '../codec/message-properties';
import { defineRequest } from '../define-request';

export interface SendMessageInput {
  producerGroup: string;
  topic: string;
  queueId: number;
  /** Compression bits when `body` is compressed; no transaction bits. */
  sysFlag: number;
  /** The user's flag. */
  flag: number;
  /** Epoch ms. */
  bornAt: number;
  properties: Readonly<Record<string, string>>;
  body: Buffer;
  reconsumeTimes?: number | undefined;
  maxReconsumeTimes?: number | undefined;
  brokerName?: string | undefined;
}
export interface SendMessageOutput {
  stored: true;
  /** 0, or stored but: 10 not flushed in time, 11 no slave, 12 slave not in time. */
  code: 0 | 10 | 11 | 12;
  /** Offset message id. */
  msgId: string;
  queueId: number;
  /** Null if the broker did not tell: the message is stored all the same. */
  queueOffset: number | null;
}

/**
 * Master. Letters of `SendMessageRequestHeaderV2`: `a` producerGroup, `b` topic, `c` defaultTopic, `d` defaultTopicQueueNums,
 * `e` queueId, `f` sysFlag, `g` bornTimestamp, `h` flag, `i` properties, `j` reconsumeTimes, `k` unitMode, `l` maxReconsumeTimes,
 * `m` batch, `n` broker name; body the message; ext `msgId`, `queueId`, `queueOffset`. A broker makes a missing topic after
 * the model of `c`: one that is its own model is not made (17), but a missing retry topic always is. A retry over its limit
 * goes to the DLQ with code 0. 10 and 12 take up to 5 s: wait at least 8 s, for a time-out leaves the outcome unknown. The
 * broker refuses an empty body.
 */
export const SEND_MESSAGE_V2 = defineRequest<SendMessageInput, SendMessageOutput, 'WRITE'>({
  name: 'SEND_MESSAGE_V2',
  code: 310,
  access: 'WRITE',
  accepts: [0, 10, 11, 12],
  encode: (input) => {
    if (input.body.length === 0) throw new CodecError('SEND_MESSAGE_V2', 'a broker takes no empty body');
    return {
      fields: {
        a: input.producerGroup,
        b: input.topic,
        c: input.topic,
        d: 4,
        e: input.queueId,
        f: input.sysFlag,
        g: input.bornAt,
        h: input.flag,
        i: encodeProperties(input.properties),
        j: input.reconsumeTimes ?? 0,
        k: false,
        l: input.maxReconsumeTimes,
        m: false,
        n: input.brokerName,
      },
      body: input.body,
    };
  },
  decode: (reply, input) => ({
    stored: true,
    code: reply.code as SendMessageOutput['code'],
    msgId: reply.extFields.msgId ?? '',
    queueId: integerOf(reply.extFields.queueId) ?? input.queueId,
    queueOffset: integerOf(reply.extFields.queueOffset),
  }),
});
