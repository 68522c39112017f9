import { RocketMQError } from '@/lib/rocketmq/errors';

/** A refusal by the broker leaves one figure open; a lost connection or deadline concerns the whole broker. */
export async function optional<T>(reading: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof RocketMQError) return otherwise;
    throw error;
  }
}
