import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { TOPIC_FEATURES, TOPIC_TYPES } from '@/lib/contract/words';
import type { TopicsInput } from '@/lib/queries/topics';

export const topicsParams = {
  cluster: parseAsString,
  q: parseAsString.withDefault(''),
  brokerCluster: parseAsString,
  type: parseAsStringLiteral(TOPIC_TYPES),
  has: parseAsStringLiteral(TOPIC_FEATURES),
  internal: parseAsStringLiteral(['true']),
  sort: parseAsString.withDefault('-worstLag'),
};
export const loadTopicsParams = createLoader(topicsParams);

type TopicsParams = Awaited<ReturnType<typeof loadTopicsParams>>;
/** What both the server and the browser ask, so that the first HTML is not asked again. */
export const topicsInput = ({ cluster, q, brokerCluster, type, has, internal, sort }: TopicsParams): TopicsInput => ({
  cluster: cluster ?? undefined,
  q: q || undefined,
  brokerCluster: brokerCluster ?? undefined,
  type: type ?? undefined,
  has: has ?? undefined,
  internal: internal ?? undefined,
  sort,
});

export const TOPIC_TABS = ['overview', 'queues', 'producers', 'config'] as const;
export type TopicTab = (typeof TOPIC_TABS)[number];
export const topicParams = {
  cluster: parseAsString,
  topic: parseAsString.withDefault(''),
  tab: parseAsStringLiteral(TOPIC_TABS).withDefault('overview'),
};
export const loadTopicParams = createLoader(topicParams);
