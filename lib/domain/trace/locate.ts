import type { TraceReply } from '@/lib/contract/trace';
import { type MessageId, parseMessageId } from '@/lib/rocketmq/codec/message-id';
import type { Ctx } from '../ctx';
import { uniqKeyOf } from '../messages/row';
import { type Candidate, candidatesOf } from './candidates';
import { type Context, contextsOf } from './contexts';
import { findByPlace } from './find-by-place';
import type { Copy, IndexSearch } from './index-search';
import { roleOf, type TopicSets } from './topics';

export interface Located {
  kind: TraceReply['kind'];
  /** Every message the text may mean, newest first. */
  candidates: Candidate[];
  copies: Copy[];
  contexts: Context[];
}

const KINDS: Record<MessageId['kind'], TraceReply['kind']> = {
  offset: 'offset_id',
  unique: 'uniq_key',
  grpc: 'grpc_id',
  key: 'key',
};

/** Share of the request's time for the search over all topics; the rest is for the groups. */
const SEARCH_SHARE = 0.5;

/**
 * Finds which message a text means. An offset id is read by its place. Anything else is looked up in the trace topic,
 * which knows the business topic, then in the business topics themselves, and when none has it any more in the retry
 * and dead-letter topics. A topic whose keys are hidden is not asked for a key: how much is asked tells what was found.
 */
export async function locate(
  ctx: Ctx,
  search: IndexSearch,
  text: string,
  { topics, seesKeys }: { topics: TopicSets; seesKeys: (topic: string) => boolean },
): Promise<Located> {
  const parsed = parseMessageId(text);
  const seed = parsed.kind === 'offset' ? await findByPlace(ctx, search, parsed) : null;
  const keys = seed ? [uniqKeyOf(seed.record) ?? parsed.id] : spellings(parsed);
  const askable = (names: readonly string[]) => (parsed.kind === 'key' ? names.filter(seesKeys) : names);
  const find = async (names: readonly string[], untilAt: number) =>
    // A key may look like an id.
    (await search.find(askable(names), keys, untilAt)).filter(
      ({ record }) => seesKeys(record.topic) || isOf(record, keys),
    );
  const contexts = contextsOf(await search.find(askable(topics.trace), keys), new Set(keys));
  const copies: Copy[] = seed ? [seed] : [];
  const result = (): Located => ({
    // A place names one message, whatever else carries its key.
    kind: KINDS[parsed.kind],
    candidates: candidatesOf(copies, contexts, keys[0] ?? text).filter(
      ({ uniqKey }) => !seed || uniqKey === (uniqKeyOf(seed.record) ?? seed.record.offsetMessageId),
    ),
    copies,
    contexts,
  });
  if (seed) return result();

  const untilAt = ctx.now() + (ctx.deadlineAt - ctx.now()) * SEARCH_SHARE;
  const told = learntTopics(contexts);
  copies.push(...(await find(told, untilAt)));
  // Whoever asks for a key wants every message that has it; a message id has one business topic.
  const isSettled = parsed.kind !== 'key' && copies.some(({ record }) => roleOf(record.topic) === 'business');
  if (isSettled) return result();
  const rest = topics.business.filter((topic) => !told.includes(topic));
  copies.push(...(await find(rest, untilAt)));
  if (copies.length === 0) copies.push(...(await find([...topics.parking, ...topics.internal], untilAt)));
  return result();
}

const isOf = ({ properties, offsetMessageId }: Copy['record'], ids: readonly string[]): boolean =>
  ids.includes(properties.UNIQ_KEY ?? offsetMessageId);

/** Java clients write ids in upper case; somebody who copied one from a log may not have. */
function spellings({ kind, id }: MessageId): string[] {
  return kind === 'key' ? [id] : [...new Set([id, id.toUpperCase()])];
}

export function learntTopics(contexts: readonly Context[]): string[] {
  return [...new Set(contexts.flatMap((context) => ('topic' in context && context.topic ? [context.topic] : [])))];
}
