import type { TraceReply } from '@/lib/contract/trace';
import { oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import type { Candidate } from './candidates';
import type { Timeline } from './find';
import type { IndexSearch } from './index-search';
import type { Located } from './locate';
import type { TopicSets } from './topics';

type Missing = TraceReply['missing'][number];

/** Clients send their traces in batches of up to five seconds. */
const TRACE_LATENCY_MS = 10_000;

/** Everything the answer leaves open, in the order of its weight. Keys lie under `trace_missing.`. */
export function missingOf(
  ctx: Ctx,
  {
    hasHiddenKeys,
    search,
    topics,
    located,
    chosen,
    timeline,
  }: {
    hasHiddenKeys: boolean;
    search: IndexSearch;
    topics: TopicSets;
    located: Located;
    chosen: Candidate | null;
    timeline: Timeline | null;
  },
): Missing[] {
  const missing: Missing[] = [];
  const say = (key: string, params: Missing['params'] = {}) => missing.push({ key, params });
  for (const { broker } of oneEach(search.failures)) say('broker_silent', { broker });
  if (!ctx.snapshot()) say('no_snapshot');
  if (hasHiddenKeys && located.kind === 'key') say('keys_masked');
  const isFound = located.candidates.length > 0;
  if (!isFound || located.kind === 'key') {
    const all = topics.business;
    const asked = all.filter((topic) => search.topics.has(topic)).length;
    if (asked < all.length) say('topics_not_asked', { asked, total: all.length });
  }
  if (!isFound) say(located.kind === 'offset_id' ? 'place_empty' : 'absence_unproven');
  for (const topic of search.cut) say('index_limit', { topic });
  if (timeline && chosen) sayOfTimeline(ctx, timeline, chosen, topics, say);
  return missing;
}

function sayOfTimeline(
  ctx: Ctx,
  { origin, isParked, produced, contexts, groups, stored }: Timeline,
  chosen: Candidate,
  topics: TopicSets,
  say: (key: string, params?: Missing['params']) => void,
): void {
  if (!origin && produced?.transaction?.state === 'ROLLBACK_MESSAGE') say('rolled_back', { topic: chosen.topic });
  else if (!origin) say(isParked ? 'not_published' : 'message_expired', { topic: chosen.topic });
  if (origin && !origin.record.properties.UNIQ_KEY) say('no_unique_key');
  if (topics.trace.length === 0) say('trace_topic_absent');
  else if (contexts.length === 0) {
    const newest = Math.max(...stored.map(({ storedAt }) => storedAt), 0);
    say(ctx.now() - newest < TRACE_LATENCY_MS ? 'trace_may_follow' : 'no_trace');
  }
  for (const { group, state, attempts } of groups) {
    const isTraced = attempts.some(({ source }) => source === 'trace');
    if (contexts.length > 0 && !isTraced && (state === 'passed' || state === 'dead')) say('group_untraced', { group });
    for (const { attempt, source, costMs, result } of attempts)
      if (source === 'trace' && costMs === null && result !== 'running') say('attempt_without_end', { group, attempt });
  }
}
