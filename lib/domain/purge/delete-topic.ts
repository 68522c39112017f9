import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { DELETE_TOPIC_IN_BROKER } from '@/lib/rocketmq/requests/delete-topic-in-broker';
import { DELETE_TOPIC_IN_NAMESRV } from '@/lib/rocketmq/requests/delete-topic-in-namesrv';
import { GET_MAX_OFFSET } from '@/lib/rocketmq/requests/get-max-offset';
import { GET_ROUTEINFO_BY_TOPIC } from '@/lib/rocketmq/requests/get-routeinfo-by-topic';
import { GET_TOPIC_CONFIG } from '@/lib/rocketmq/requests/get-topic-config';
import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import type { StepState } from '@/lib/store/schema';
import { accessRefused, refusalParams } from '../access-refused';
import type { Ctx } from '../ctx';
import { callWithin } from '../redrive/run-context';
import type { StepDetail } from './steps';

export interface StepResult {
  state: StepState;
  detail: StepDetail;
  value: boolean;
  /** Set when the broker turned us away for who we are. */
  refusal?: Record<string, string> | undefined;
}

const DELETE_MS = 8000;
const UNSUPPORTED = 3;

const done = (detail: StepDetail = {}): StepResult => ({ state: 'DONE', detail, value: true });
const failed = (state: 'FAILED' | 'UNKNOWN', detail: StepDetail): StepResult => ({ state, detail, value: false });

/** 215 at one master. It may do its work and answer 1, or the answer may be lost: what the broker has decides. */
export async function deleteOnBroker(
  ctx: Ctx,
  topic: string,
  broker: string,
  capability: WriteCapability,
): Promise<StepResult> {
  try {
    await ctx.client.call(DELETE_TOPIC_IN_BROKER, { topic }, { broker, capability, ...callWithin(ctx, DELETE_MS) });
    return done();
  } catch (error) {
    const detail = detailOf(error);
    if (error instanceof RemotingError && !error.sent) return failed('FAILED', detail);
    const now = await verifyOnBroker(ctx, topic, broker);
    if (now.state === 'DONE') return done(detail);
    const state = error instanceof RocketMQError && now.state === 'FAILED' ? 'FAILED' : 'UNKNOWN';
    return { ...failed(state, detail), refusal: accessRefused(error)?.params };
  }
}

/** 351 must not know the topic any more, and its queue must be empty (30). */
export async function verifyOnBroker(ctx: Ctx, topic: string, broker: string): Promise<StepResult> {
  try {
    const target = { broker, ...callWithin(ctx) };
    const config = await ctx.client.call(GET_TOPIC_CONFIG, { topic }, target).catch((error) => {
      if (error instanceof RocketMQError && error.code === UNSUPPORTED) return null;
      throw error;
    });
    const maxOffset = await ctx.client.call(GET_MAX_OFFSET, { topic, queueId: 0 }, target);
    const detail = { hasTopic: config === null ? 0 : 1, maxOffset };
    return config === null && maxOffset === 0 ? done(detail) : failed('FAILED', detail);
  } catch (error) {
    return failed('UNKNOWN', detailOf(error));
  }
}

/** 216 at one NameServer; after the brokers, which would register the topic again. */
export async function deleteOnNameServer(
  ctx: Ctx,
  topic: string,
  address: string,
  capability: WriteCapability,
): Promise<StepResult> {
  try {
    await ctx.client.callNameServer(
      DELETE_TOPIC_IN_NAMESRV,
      { topic },
      { address, capability, ...callWithin(ctx, DELETE_MS) },
    );
    return done();
  } catch (error) {
    const detail = detailOf(error);
    return failed(error instanceof RemotingError && error.sent ? 'UNKNOWN' : 'FAILED', detail);
  }
}

export async function verifyRoute(ctx: Ctx, topic: string, address: string): Promise<StepResult> {
  try {
    const route = await ctx.client.callNameServer(GET_ROUTEINFO_BY_TOPIC, { topic }, { address, ...callWithin(ctx) });
    return route === null
      ? done()
      : failed('FAILED', { brokers: route.queues.map(({ brokerName }) => brokerName).join(', ') });
  } catch (error) {
    return failed('UNKNOWN', detailOf(error));
  }
}

function detailOf(error: unknown): StepDetail {
  if (error instanceof RocketMQError) {
    const remark = error.remark.slice(0, 300);
    return { code: error.code, remark, ...refusalParams(error.code, remark) };
  }
  if (error instanceof RemotingError) return { error: error.kind, remark: error.message.slice(0, 300) };
  throw error;
}
