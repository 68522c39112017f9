import { GET_BROKER_CONFIG } from '@/lib/rocketmq/requests/get-broker-config';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';

/**
 * Whether the broker takes explicit offsets by request 222. Absent up to 5.0; `false` makes it ignore queue and offset
 * and move every queue by time, so it is read from the broker itself and never assumed.
 */
export async function takesExplicitOffsets(ctx: Ctx, broker: string): Promise<boolean> {
  const { config } = await ctx.client.call(GET_BROKER_CONFIG, undefined, { broker, brokerId: 0, ...within(ctx) });
  return config.useServerSideResetOffset === 'true';
}
