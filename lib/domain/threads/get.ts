import type { MemberThreads } from '@/lib/contract/threads';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { GET_CONSUMER_CONNECTION_LIST } from '@/lib/rocketmq/requests/get-consumer-connection-list';
import { GET_CONSUMER_RUNNING_INFO } from '@/lib/rocketmq/requests/get-consumer-running-info';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { findGroup } from '../groups/find';
import { askLive, live } from '../snapshot/live-brokers';
import { requireSnapshot } from '../snapshot/require-snapshot';
import { parseStacks } from './parse';
import { summariseThreads } from './summarise';

/** The broker waits 10 s for the client. */
const RELAY_MS = 12_000;
const RAW_CHARACTERS = 1_000_000;
/** `ResponseCode.CONSUME_MSG_TIMEOUT`: the client did not answer the broker. */
const CLIENT_SILENT = 207;

/**
 * What the threads of one member do (307 with `jstackEnable`): a read that makes the client stop for a moment to look at
 * all its threads, so only on request. `DomainError`: NOT_FOUND `group_not_found`, `member_not_found`; UNAVAILABLE
 * `member_silent` when it did not answer within 10 s, `member_refused` when it cannot.
 */
export async function getMemberThreads(
  ctx: Ctx,
  { group, clientId }: { group: string; clientId: string },
): Promise<MemberThreads> {
  const snapshot = requireSnapshot(ctx);
  await findGroup(ctx, group);
  const within = live(ctx);
  const { answers } = await askLive(ctx, snapshot, ({ name }) =>
    ctx.client.call(GET_CONSUMER_CONNECTION_LIST, { consumerGroup: group }, { broker: name, ...within }),
  );
  const broker = [...answers].find(([, connected]) =>
    connected?.connections.some((connection) => connection.clientId === clientId),
  )?.[0];
  if (broker === undefined) throw new DomainError('NOT_FOUND', 'member_not_found', { clientId, group });
  const startedAt = ctx.now();
  const raw = await readStack(ctx, { group, clientId, broker });
  const readAt = ctx.now();
  return {
    group,
    clientId,
    broker,
    readAt,
    tookMs: readAt - startedAt,
    ...summariseThreads(parseStacks(raw ?? ''), group),
    raw: raw?.slice(0, RAW_CHARACTERS) ?? null,
    isCut: (raw?.length ?? 0) > RAW_CHARACTERS,
  };
}

async function readStack(
  ctx: Ctx,
  { group, clientId, broker }: { group: string; clientId: string; broker: string },
): Promise<string | null> {
  try {
    const input = { consumerGroup: group, clientId, jstackEnable: true };
    const { jstack } = await ctx.client.call(GET_CONSUMER_RUNNING_INFO, input, { broker, ...live(ctx, RELAY_MS) });
    return jstack === null || jstack.trim() === '' ? null : jstack;
  } catch (error) {
    const isSilent = error instanceof RocketMQError && error.code === CLIENT_SILENT;
    if (isSilent || (error instanceof RemotingError && error.kind === 'TIMEOUT'))
      throw new DomainError('UNAVAILABLE', 'member_silent', { clientId, broker });
    if (error instanceof RocketMQError && error.code === 1) {
      const remark = error.remark.split('\n', 1)[0]?.slice(0, 200) ?? '';
      throw new DomainError('UNAVAILABLE', 'member_refused', { clientId, broker, remark });
    }
    throw error;
  }
}
