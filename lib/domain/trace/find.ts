import type { z } from 'zod';
import type { TraceReply, traceQuery } from '@/lib/contract/trace';
import { brokersOf, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { hidesSomeKeys, type Mask, masking, toldAs } from '../masking/mask';
import { originTopicOf } from '../messages/origin-topic';
import { tagOf, uniqKeyOf } from '../messages/row';
import { isPermitted } from '../permission';
import { retryTopicsOf } from '../retries/retry-topics';
import { DLQ_PREFIX, retryOwner } from '../snapshot/system-names';
import { aliasesOf } from './aliases';
import type { Candidate } from './candidates';
import { type Context, contextsOf } from './contexts';
import { followGroups } from './follow-groups';
import { type Copy, IndexSearch } from './index-search';
import { type Located, learntTopics, locate } from './locate';
import { missingOf } from './missing';
import { producedOf } from './produced';
import { storedOf } from './stored';
import { subscribedGroups } from './subscribed-groups';
import { isParked, roleOf, type TopicSets, topicSetsOf } from './topics';

/**
 * The life of one message over all groups, from any id or key and without its topic. What nobody has is `found: false`
 * with what was asked, and so is what the actor may not know of or not see the key of; several messages with the key are `candidates` until `uniqKey` picks one. Every gap is in `missing`.
 */
export async function findTrace(ctx: Ctx, input: z.output<typeof traceQuery>): Promise<TraceReply> {
  const startedAt = ctx.now();
  const { brokers, failures } = await brokersOf(ctx);
  const search = new IndexSearch(ctx, brokers);
  search.failures.push(...failures);
  const topics = topicSetsOf(ctx);
  const text = input.id.trim();
  const mayKnow = (scope: { topic: string } | { group: string }) =>
    isPermitted(ctx.actor, 'metadata:read', { cluster: ctx.cluster, ...scope });
  const maskOf = (topic: string) => masking(ctx, { topic })(roleOf(topic) === 'business' ? topic : null);
  const everything = await locate(ctx, search, text, { topics, seesKeys: (topic) => !maskOf(topic)?.keys });
  // Whether a key is found tells that a message has it.
  const isNamed = ({ uniqKey, topic }: Candidate) =>
    everything.kind === 'offset_id' || uniqKey.toUpperCase() === text.toUpperCase() || !maskOf(topic)?.keys;
  // Also by a retry or dead letter of a group that he may know of.
  const liesWithin = ({ uniqKey }: Candidate) =>
    everything.copies.some(
      ({ record }) => (uniqKeyOf(record) ?? record.offsetMessageId) === uniqKey && mayKnow(record),
    );
  const candidates = everything.candidates.filter((each) => (mayKnow(each) || liesWithin(each)) && isNamed(each));
  const located = { ...everything, candidates };
  const chosen = choose(located, input.uniqKey);
  const whole = chosen ? await follow(ctx, search, topics, located, chosen) : null;
  const timeline = whole && {
    ...whole,
    stored: whole.stored.filter(mayKnow),
    groups: whole.groups.filter(mayKnow),
  };
  const mask = chosen && maskOf(chosen.topic);
  const withKeys = <Row extends { keys: string[] }>(row: Row, hidden: Mask | null) =>
    hidden?.keys ? { ...row, keys: [] } : row;
  const all = topics.trace.length + topics.business.length + topics.internal.length + topics.parking.length;
  const asked = {
    topics: search.topics.size,
    topicsTotal: Math.max(all, search.topics.size),
    requests: search.requests,
    tookMs: ctx.now() - startedAt,
  };
  return {
    id: text,
    kind: located.kind,
    candidates: located.candidates.map((each) => withKeys(each, maskOf(each.topic))),
    found: located.candidates.length > 0,
    uniqKey: chosen?.uniqKey ?? null,
    topic: chosen?.topic ?? null,
    tag: timeline?.tag ?? null,
    keys: (mask?.keys ? null : chosen?.keys) ?? [],
    masked: mask?.keys ? toldAs(mask, ['keys']) : null,
    produced: timeline?.produced ?? null,
    stored: timeline?.stored.map((each) => withKeys(each, mask)) ?? [],
    groups: timeline?.groups ?? [],
    missing: missingOf(ctx, { hasHiddenKeys: hidesSomeKeys(ctx), search, topics, located, chosen, timeline }),
    asked,
    asOf: ctx.now(),
    failures: oneEach(search.failures),
  };
}

function choose({ candidates }: Located, uniqKey: string | undefined): Candidate | null {
  if (uniqKey !== undefined) return candidates.find((each) => each.uniqKey === uniqKey) ?? null;
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

export interface Timeline {
  tag: string | null;
  produced: TraceReply['produced'];
  stored: TraceReply['stored'];
  groups: TraceReply['groups'];
  origin: Copy | null;
  isParked: boolean;
  contexts: readonly Context[];
}

async function follow(
  ctx: Ctx,
  search: IndexSearch,
  topics: TopicSets,
  located: Located,
  { uniqKey, topic }: Candidate,
): Promise<Timeline> {
  const ids = [uniqKey, ...(await aliasesOf(ctx, uniqKey))];
  const traces = await search.find(topics.trace, ids);
  const contexts = contextsOf(traces, new Set(ids)).filter((context) => context.msgIds.some((id) => ids.includes(id)));
  const business = [...new Set([topic, ...learntTopics(contexts)])].filter((name) => roleOf(name) === 'business');
  const groups = await subscribedGroups(ctx, search, business);
  const involved = new Set([...groups, ...consumersOf(contexts), ...ownersOf(ctx, located.copies)]);
  const homes = [...involved].flatMap((group) => [DLQ_PREFIX + group, ...retryTopicsOf(ctx, group)]);
  const found = await search.find([...new Set([...business, ...topics.parking, ...homes])], ids);
  const copies = withSeed(found, located.copies, uniqKey);
  for (const group of ownersOf(ctx, copies)) involved.add(group);
  const origin = copies.find(({ record }) => roleOf(record.topic) === 'business') ?? null;
  const any = origin ?? copies[0];
  return {
    tag: any ? tagOf(any.record) : null,
    produced: producedOf(contexts, origin),
    stored: storedOf(copies),
    groups: await followGroups(ctx, search, [...involved].sort(), { topic, origin, copies, contexts }),
    origin,
    isParked: copies.some(isParked),
    contexts,
  };
}

/** A record without a unique key is not found again by it. */
function withSeed(found: readonly Copy[], seeds: readonly Copy[], uniqKey: string): Copy[] {
  const lost = seeds.filter(
    ({ broker, record }) =>
      (record.properties.UNIQ_KEY ?? record.offsetMessageId) === uniqKey &&
      !found.some((copy) => copy.broker === broker && copy.record.physicalOffset === record.physicalOffset),
  );
  return [...found, ...lost].sort((a, b) => a.record.storedAt - b.record.storedAt);
}

const consumersOf = (contexts: readonly Context[]): string[] =>
  contexts.flatMap((context) =>
    (context.type === 'SubBefore' || context.type === 'SubAfter') && context.group ? [context.group] : [],
  );

/** Groups whose retry or dead-letter topics hold a copy, subscribed today or not. */
function ownersOf({ snapshot }: Pick<Ctx, 'snapshot'>, copies: readonly Copy[]): string[] {
  const current = snapshot();
  return copies.flatMap(({ record }) => {
    const { topic, properties } = record;
    if (topic.startsWith(DLQ_PREFIX)) return [topic.slice(DLQ_PREFIX.length)];
    const retryTopic = roleOf(topic) === 'waiting' ? properties.REAL_TOPIC : topic;
    if (retryTopic === undefined || roleOf(retryTopic) !== 'retry') return [];
    if (properties.ORIGIN_GROUP) return [properties.ORIGIN_GROUP];
    const owner = retryOwner(
      retryTopic,
      (name) => current?.groups.has(name) ?? true,
      (name) => current?.topics.has(name) ?? name === originTopicOf(record),
    );
    return owner ? [owner.group] : [];
  });
}
