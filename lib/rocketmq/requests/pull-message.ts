import type { RemotingCommand } from '../../remoting/command';
import { type BriefRecord, briefDecoder } from '../codec/brief-record';
import { requireExtInteger } from '../codec/reply-fields';
import { type DamagedRecord, decodeStoredMessages, type StoredMessage } from '../codec/stored-message';
import { defineRequest, type RequestDefinition } from '../define-request';

export interface PullMessageInput {
  topic: string;
  queueId: number;
  queueOffset: number;
  /** Default 32, which is what a broker gives at most (8 from disk). */
  maxMsgNums?: number | undefined;
  /** Default `*`. The broker compares tag hashes only: check TAGS. */
  subscription?: string | undefined;
  /** Must be the client's browse group; default TOOLS_CONSUMER. */
  browseGroup?: string | undefined;
}
/**
 * - `FOUND`, `NO_MATCH` (nothing in this scan, or a hole), `MOVED` (the offset was below the queue): go on at `nextBeginOffset`;
 * - `END`: no more messages;
 * - `NO_TOPIC`: this broker does not know the topic, so the offsets mean nothing.
 */
export type PullStatus = 'FOUND' | 'NO_MATCH' | 'MOVED' | 'END' | 'NO_TOPIC';
export interface PullMessageOutput<Message = StoredMessage> {
  status: PullStatus;
  messages: Message[];
  damaged: DamagedRecord[];
  nextBeginOffset: number;
  minOffset: number;
  maxOffset: number;
}

export type PullRequest<Message> = RequestDefinition<PullMessageInput, PullMessageOutput<Message>, 'READ'>;
type Decoded<Message> = Pick<PullMessageOutput<Message>, 'messages' | 'damaged'>;

const HAS_SUBSCRIPTION = 4;

/**
 * Any replica. `consumerGroup`, `topic`, `queueId`, `queueOffset`, `maxMsgNums`, `sysFlag` (`PullSysFlag`: only "has subscription",
 * so no commit and no long poll), `commitOffset`, `suspendTimeoutMillis`, `subVersion`, `subscription`, `expressionType`; ext `nextBeginOffset`,
 * `minOffset`, `maxOffset`; body records. Codes by `PullMessageProcessor.composeResponseHeader`.
 */
const pullAs = <Message>(decodeRecords: (body: Buffer) => Decoded<Message>): PullRequest<Message> =>
  defineRequest<PullMessageInput, PullMessageOutput<Message>, 'READ'>({
    name: 'PULL_MESSAGE',
    code: 11,
    access: 'READ',
    accepts: [0, 17, 19, 20, 21],
    encode: ({ topic, queueId, queueOffset, maxMsgNums = 32, subscription = '*', browseGroup = 'TOOLS_CONSUMER' }) => ({
      fields: {
        consumerGroup: browseGroup,
        topic,
        queueId,
        queueOffset,
        maxMsgNums,
        sysFlag: HAS_SUBSCRIPTION,
        commitOffset: 0,
        suspendTimeoutMillis: 0,
        subVersion: 0,
        subscription,
        expressionType: 'TAG',
      },
    }),
    decode: (reply, { queueOffset }) => {
      if (reply.code === 17) return nothing('NO_TOPIC', queueOffset, 0, 0);
      const minOffset = requireExtInteger(reply, 'minOffset');
      const maxOffset = requireExtInteger(reply, 'maxOffset');
      const nextBeginOffset = requireExtInteger(reply, 'nextBeginOffset');
      if (reply.code === 0) {
        return { status: 'FOUND', ...decodeRecords(reply.body), nextBeginOffset, minOffset, maxOffset };
      }
      return withoutMessages(reply, queueOffset, nextBeginOffset, minOffset, maxOffset);
    },
  });

export const PULL_MESSAGE = pullAs(decodeStoredMessages);
/** The same pull, of which only what a {@link BriefRecord} has is read, with the properties that are wanted. */
export const pullBriefly = (isWanted: (property: string) => boolean) => pullAs<BriefRecord>(briefDecoder(isWanted));

function withoutMessages(reply: RemotingCommand, offset: number, next: number, min: number, max: number) {
  if (reply.code === 20 && next > offset) return nothing('NO_MATCH', next, min, max);
  // A slave may repeat the offset it was asked for instead of correcting it.
  if (reply.code === 21 && Math.max(next, min) > offset) return nothing('MOVED', Math.max(next, min), min, max);
  // OFFSET_FOUND_NULL: a hole with messages behind it.
  if (reply.code === 19 && next > offset && next < max) return nothing('NO_MATCH', next, min, max);
  return nothing('END', next, min, max);
}

function nothing(
  status: PullStatus,
  nextBeginOffset: number,
  minOffset: number,
  maxOffset: number,
): PullMessageOutput<never> {
  return { status, messages: [], damaged: [], nextBeginOffset, minOffset, maxOffset };
}
