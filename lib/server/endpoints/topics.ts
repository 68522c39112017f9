import 'server-only';
import {
  topicDetail,
  topicDetailQuery,
  topicHistogram,
  topicHistogramQuery,
  topicProducers as topicProducersReply,
  topicsQuery,
  topicsReply,
} from '@/lib/contract/topics';
import { getTopic } from '@/lib/domain/topics/get';
import { countByStoreTime } from '@/lib/domain/topics/histogram';
import { listTopics } from '@/lib/domain/topics/list';
import { topicProducers } from '@/lib/domain/topics/producers';
import { defineEndpoint } from '../endpoint';
import { afterFirstSweep } from '../ready-ctx';

export const listTopicsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/topics',
  summary: 'Topics with queues, messages kept and the lag of their worst group',
  permission: 'metadata:read',
  input: topicsQuery,
  reply: topicsReply,
  run: async (ctx, query) => listTopics(await afterFirstSweep(ctx), query),
});

export const getTopicEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/topics/detail',
  summary: 'One topic: queues, groups with their lag, route, configuration per broker',
  permission: 'metadata:read',
  input: topicDetailQuery,
  reply: topicDetail,
  run: async (ctx, query) => getTopic(await afterFirstSweep(ctx), query),
});

export const topicHistogramEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/topics/histogram',
  summary: 'Messages of a topic by store time, approximate',
  permission: 'metadata:read',
  input: topicHistogramQuery,
  reply: topicHistogram,
  run: async (ctx, query) => countByStoreTime(await afterFirstSweep(ctx), query),
});

export const topicProducersEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/topics/producers',
  summary: 'Who wrote the newest message of each queue, and whether that client is connected',
  permission: 'metadata:read',
  input: topicDetailQuery,
  reply: topicProducersReply,
  run: async (ctx, query) => topicProducers(await afterFirstSweep(ctx), query),
});
