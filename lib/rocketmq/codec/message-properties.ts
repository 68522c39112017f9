import { CodecError } from './codec-error';

const NAME_VALUE = '\u0001';
const PROPERTY = '\u0002';

/** Record that inherits nothing, in stored order. */
export type MessageProperties = Record<string, string>;

// Its prototype, and not itself, is the one without a prototype: V8 then keeps it as an object and not as a hash table.
const Properties = function Properties() {} as unknown as { new (): MessageProperties; prototype: object };
Properties.prototype = Object.create(null);
export const noProperties = (): MessageProperties => new Properties();

/**
 * Reads `key 0x01 value 0x02 …` (`MessageDecoder.string2messageProperties`). The last 0x02 may be missing
 * (brokers before 5.0); parts without a key are skipped; a repeated key keeps its last value.
 */
export function decodeProperties(source: Buffer | string): MessageProperties {
  const result = noProperties();
  const text = source.toString();
  for (let at = 0, end = 0; at < text.length; at = end + 1) {
    end = text.indexOf(PROPERTY, at);
    if (end < 0) end = text.length;
    const split = text.indexOf(NAME_VALUE, at);
    if (split > at && split < end) result[text.slice(at, split)] = text.slice(split + 1, end);
  }
  return result;
}

/**
 * Writes what {@link decodeProperties} reads. The broker refuses more than 32,767 bytes (code 13).
 *
 * @throws CodecError for a name or value that would read back differently.
 */
export function encodeProperties(properties: Readonly<Record<string, string>>): string {
  let text = '';
  for (const [name, value] of Object.entries(properties)) {
    if (name === '' || name.includes(NAME_VALUE) || name.includes(PROPERTY) || value.includes(PROPERTY)) {
      throw new CodecError('message properties', `separator in ${JSON.stringify(name.slice(0, 60))}`);
    }
    text += name + NAME_VALUE + value + PROPERTY;
  }
  return text;
}

/** Names of `MessageConst` up to 5.5.0, which belong to RocketMQ and not to the user. */
const RESERVED_NAMES = new Set(
  `KEYS TAGS WAIT DELAY RETRY_TOPIC REAL_TOPIC REAL_QID TRAN_MSG PGROUP MIN_OFFSET MAX_OFFSET BUYER_ID
  ORIGIN_MESSAGE_ID TRANSFER_FLAG CORRECTION_FLAG MQ2_FLAG RECONSUME_TIME MSG_REGION TRACE_ON UNIQ_KEY
  EXTEND_UNIQ_INFO MAX_RECONSUME_TIMES CONSUME_START_TIME INNER_NUM INNER_BASE DUP_INFO
  CHECK_IMMUNITY_TIME_IN_SECONDS TRAN_PREPARED_QUEUE_OFFSET __transactionId__ TRANSACTION_CHECK_TIMES INSTANCE_ID
  CORRELATION_ID REPLY_TO_CLIENT TTL ARRIVE_TIME PUSH_REPLY_TIME CLUSTER MSG_TYPE POP_CK POP_CK_OFFSET 1ST_POP_TIME
  __SHARDINGKEY PROPERTY_FORWARD_QUEUE_ID REDIRECT INNER_MULTI_DISPATCH INNER_MULTI_QUEUE_OFFSET TRACE_CONTEXT
  TIMER_DELAY_SEC TIMER_DELAY_MS TIMER_DELIVER_MS TIMER_OUT_MS TIMER_ENQUEUE_MS TIMER_DEQUEUE_MS TIMER_ROLL_TIMES
  TIMER_ROLL_LABEL TIMER_DEL_UNIQKEY TIMER_DELAY_LEVEL __BORNHOST BORN_TIMESTAMP DLQ_ORIGIN_TOPIC
  DLQ_ORIGIN_MESSAGE_ID ORIGIN_GROUP __LITE_TOPIC _SYS_MSG_PRIORITY_ TRANS_OFFSET E_T __CRC32#`.split(/\s+/),
);
const RESERVED_PREFIXES = ['TIMER_', 'INNER_', '__RMQ.TRANSIENT.', '__CRC32#'];

export function isReservedProperty(name: string): boolean {
  return RESERVED_NAMES.has(name) || RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix));
}
