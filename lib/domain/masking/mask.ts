import { matchesAny, type Scope } from '@/lib/contract/granted';
import type { Masked } from '@/lib/contract/masking';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { Ctx } from '../ctx';
import type { Step } from '../messages/json-path';
import { originTopicOf, saidOriginOf } from '../messages/origin-topic';
import { isPermitted, isPermittedForAll } from '../permission';
import { isUnderRule, type MaskCtx, type MaskRule, readHidden } from './rule';

/** What of a message is hidden from somebody. */
export interface Mask {
  /** Names of rules; none: all of what it says, for want of `message:body:read`. */
  by: readonly string[];
  keys: boolean;
  /** What clients said about the message. */
  remarks: boolean;
  /** All of the body; what lies at some paths is in `paths`. */
  body: boolean;
  paths: readonly { path: string; steps: readonly Step[] }[];
  /** Patterns of the application's properties. */
  properties: readonly string[];
}

export const EVERYTHING: Mask = { by: [], keys: true, remarks: true, body: true, paths: [], properties: ['*'] };

/** The mask of a message by its business topic; null where nothing is hidden. An unknown topic may be any. */
export type MaskOf = (originTopic: string | null) => Mask | null;

/**
 * What is hidden from the actor of messages in this scope: without `message:body:read` everything, without
 * `message:unmasked:read` what the rules of the configuration say.
 */
export function masking(ctx: MaskCtx, scope: Omit<Scope, 'cluster'>): MaskOf {
  const { actor, cluster } = ctx;
  if (!isPermitted(actor, 'message:body:read', { cluster, ...scope })) return () => EVERYTHING;
  return maskedBy(rulesFor(ctx, scope));
}

/** Rules that the actor is under there, whatever topic they are about. */
export function rulesFor({ actor, cluster, maskRules = [] }: MaskCtx, scope: Omit<Scope, 'cluster'>): MaskRule[] {
  if (isPermitted(actor, 'message:unmasked:read', { cluster, ...scope })) return [];
  return maskRules.filter(({ clusters }) => matchesAny(clusters, cluster));
}

/** All that is hidden from the actor of any message from these business topics. */
export function maskOfAny(
  ctx: MaskCtx,
  scope: Omit<Scope, 'cluster'>,
  origins: readonly (string | null)[],
): Mask | null {
  if (!isPermitted(ctx.actor, 'message:body:read', { cluster: ctx.cluster, ...scope })) return EVERYTHING;
  return maskOf(
    rulesFor(ctx, scope).filter(({ topics }) => origins.some((topic) => topic === null || matchesAny(topics, topic))),
  );
}

/** What of a record is hidden from the actor: by its topic, and by the one that it says it came from, as a copy might. */
export const maskOfRecord = (ctx: MaskCtx, record: Pick<StoredMessage, 'topic' | 'properties'>): Mask | null =>
  maskOfAny(ctx, { topic: record.topic }, [originTopicOf(record), saidOriginOf(record)]);

/** What is hidden of letters from these topics, and would be seen of their copies in another topic; null: nothing. */
export function shownByCopies(
  ctx: MaskCtx,
  { group, origins, topic }: { group: string; origins: readonly (string | null)[]; topic: string },
): Mask | null {
  const there = masking(ctx, { topic })(topic);
  const hidden = masking(ctx, { group });
  const masks = origins.flatMap((origin) => (origin === topic ? [] : (hidden(origin) ?? [])));
  return masks.find((mask) => !hidesAll(there, mask)) ?? null;
}

/** Whether one mask hides at least what the other does. */
const hidesAll = (mask: Mask | null, other: Mask): boolean =>
  mask !== null &&
  (mask.keys || !other.keys) &&
  (mask.remarks || !other.remarks) &&
  (mask.body || (!other.body && other.paths.every(({ path }) => mask.paths.some((each) => each.path === path)))) &&
  (mask.properties.includes('*') || other.properties.every((each) => mask.properties.includes(each)));

/** All that is hidden from the actor of the group's letters, by the topics that those in its ledger came from. */
export async function maskOfLetters(ctx: MaskCtx & Pick<Ctx, 'store'>, group: string): Promise<Mask | null> {
  // Most consoles have no rules: then nothing has to be looked up.
  const origins = rulesFor(ctx, { group }).length === 0 ? [] : await originsOf(ctx, group);
  return maskOfAny(ctx, { group }, origins);
}

/** Where there are no letters: as of a message whose topic cannot be told. */
async function originsOf({ store, cluster }: Pick<Ctx, 'store' | 'cluster'>, group: string) {
  const origins = await store.letters.origins(await store.letters.groupId(cluster, group));
  return origins.length === 0 ? [null] : origins;
}

/** Whether a rule hides something of the group's letters from somebody. */
export async function areLettersUnderRule(
  ctx: Pick<Ctx, 'cluster' | 'maskRules' | 'store'>,
  group: string,
): Promise<boolean> {
  if (!ctx.maskRules?.length) return false;
  return (await originsOf(ctx, group)).some((topic) => isUnderRule(ctx, topic));
}

/** Whether there may be messages on the cluster whose keys the actor does not see. */
export const hidesSomeKeys = ({ actor, cluster, maskRules = [] }: MaskCtx): boolean =>
  !isPermittedForAll(actor, 'message:body:read', cluster) ||
  (!isPermittedForAll(actor, 'message:unmasked:read', cluster) &&
    maskRules.some(
      ({ clusters, hide }) => hide.some((text) => readHidden(text)?.part === 'keys') && matchesAny(clusters, cluster),
    ));

export function maskedBy(rules: readonly MaskRule[]): MaskOf {
  const known = new Map<string | null, Mask | null>();
  return (topic) => {
    const found = known.get(topic);
    if (found !== undefined) return found;
    const mask = maskOf(rules.filter(({ topics }) => topic === null || matchesAny(topics, topic)));
    known.set(topic, mask);
    return mask;
  };
}

/** All that any of the rules hides; null where there is none. */
export function maskOf(rules: readonly MaskRule[]): Mask | null {
  if (rules.length === 0) return null;
  const hidden = rules.flatMap(({ hide }) => hide.flatMap((text) => readHidden(text) ?? []));
  const has = (wanted: 'keys' | 'body' | 'remarks') => hidden.some(({ part }) => part === wanted);
  return {
    by: rules.map(({ name }) => name),
    keys: has('keys'),
    remarks: has('remarks'),
    body: has('body'),
    paths: hidden.flatMap((each) => (each.part === 'path' ? [each] : [])),
    properties: hidden.flatMap((each) => (each.part === 'property' ? [each.pattern] : [])),
  };
}

/** As it is told to the reader. */
export const toldAs = ({ by }: Mask, parts: readonly string[]): Masked => ({ by: [...by], parts: [...parts] });
