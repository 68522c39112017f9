import { matchesAny } from '@/lib/contract/granted';
import type { Ctx } from '../ctx';
import { parsePath, type Step } from '../messages/json-path';
import { isMaskable, KEY_PROPERTIES } from './maskable';

/** Of a message's business topic; it has to survive JSON. */
export interface MaskRule {
  name: string;
  /** Patterns, as in a grant. */
  clusters: readonly string[];
  topics: readonly string[];
  /** `keys`, `body`, `body.<JSON path>`, `properties.<pattern of names>`, `remarks`: what clients said about a message. */
  hide: readonly string[];
}

/** A rule's `hide`, read. */
export type Hidden =
  | { part: 'keys' | 'body' | 'remarks' }
  | { part: 'path'; path: string; steps: Step[] }
  | { part: 'property'; pattern: string };

/** `DomainError` INVALID for a path that is none; null for a text that names no part of a message that can be hidden. */
export function readHidden(text: string): Hidden | null {
  if (text === 'keys' || text === 'body' || text === 'remarks') return { part: text };
  const pattern = /^properties\.(.+)$/s.exec(text)?.[1];
  if (pattern !== undefined) {
    if (KEY_PROPERTIES.includes(pattern)) return { part: 'keys' };
    return isMaskable(pattern) ? { part: 'property', pattern } : null;
  }
  const path = /^body([.[].+)$/s.exec(text)?.[1];
  return path === undefined ? null : { part: 'path', path: text, steps: parsePath(`$${path}`) };
}

/** Whether a rule hides something of the topic's messages from somebody; an unknown topic may be any. */
export const isUnderRule = ({ cluster, maskRules = [] }: Pick<Ctx, 'cluster' | 'maskRules'>, topic: string | null) =>
  maskRules.some(
    ({ clusters, topics }) => matchesAny(clusters, cluster) && (topic === null || matchesAny(topics, topic)),
  );

export type MaskCtx = Pick<Ctx, 'actor' | 'cluster' | 'maskRules'>;
