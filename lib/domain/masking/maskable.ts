import { isReservedProperty } from '@/lib/rocketmq/codec/message-properties';

/** RocketMQ's own that hold what a producer chose to tell its messages apart. */
export const KEY_PROPERTIES: readonly string[] = ['KEYS', '__SHARDINGKEY'];
/** RocketMQ names it, an application says whose it is. */
const OF_APPLICATION = 'BUYER_ID';

/** Whether a rule over properties can hide the value of this one. */
export const isMaskable = (name: string): boolean => name === OF_APPLICATION || !isReservedProperty(name);
