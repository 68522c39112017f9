import type { LetterMatch, LetterSearchQuery } from '@/lib/contract/letter-search';
import { MOST_SEARCHED } from '@/lib/contract/search-limits';
import { readBody } from '@/lib/rocketmq/codec/body-codec';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { hasMoreParts, parseJson, parsePath, valuesAt } from '../messages/json-path';

const SHOWN_BEFORE = 24;
const SHOWN_AFTER = 80;
const MAX_SHOWN = 160;

type Question = Pick<LetterSearchQuery, 'in' | 'name' | 'is' | 'text' | 'matchCase'>;
export type Verdict = LetterMatch | 'none' | 'unreadable' | 'large' | 'notJson';
type Looked = Pick<StoredMessage, 'storedBody' | 'sysFlag' | 'properties'>;

/** What tells whether a letter answers a question, and where it does. INVALID for a path that is none. */
export function matcherOf({ in: place, name, is, text, matchCase }: Question): (letter: Looked) => Verdict {
  const find = finder(text, is, matchCase === 'true');
  if (place === 'property')
    return ({ properties }) => (Object.hasOwn(properties, name) && find(properties[name] ?? '')) || 'none';
  if (place === 'body') return inBody(text, finder(text, 'contains', matchCase === 'true'), matchCase === 'true');
  const steps = parsePath(name);
  return (letter) => {
    const body = bodyOf(letter);
    if (typeof body === 'string') return body;
    if (hasMoreParts(body, MOST_SEARCHED.parts)) return 'large';
    let root: unknown;
    try {
      root = parseJson(body.toString());
    } catch {
      return 'notJson';
    }
    for (const value of valuesAt(root, steps)) {
      const found = text === '' ? shown(value) : findValue(value, text, is, find);
      if (found) return found;
    }
    return 'none';
  };
}

type Find = (value: string) => LetterMatch | null;

function finder(text: string, is: Question['is'], matchCase: boolean): Find {
  const folded = matchCase ? text : text.toLowerCase();
  return (value) => {
    const within = matchCase ? value : value.toLowerCase();
    if (is === 'equals' && text !== '') return within === folded ? excerpt(value, 0, value.length) : null;
    const at = within.indexOf(folded);
    if (at < 0) return null;
    // Some letters get longer when they get small: then the place is that in the small text.
    return excerpt(within.length === value.length ? value : within, at, text === '' ? value.length : folded.length);
  };
}

function inBody(text: string, find: Find, matchCase: boolean): (letter: Looked) => Verdict {
  const bytes = Buffer.from(text);
  return (letter) => {
    const body = bodyOf(letter);
    if (typeof body === 'string') return body;
    if (matchCase && !body.includes(bytes)) return 'none';
    return find(body.toString()) ?? 'none';
  };
}

function bodyOf({ storedBody, sysFlag }: Looked): Buffer | 'unreadable' | 'large' {
  if (storedBody.length > MOST_SEARCHED.bytes) return 'large';
  const content = readBody(storedBody, sysFlag, MOST_SEARCHED.bytes);
  if ('unreadable' in content) return content.unreadable === 'too_large' ? 'large' : 'unreadable';
  return content.body;
}

/** A number is the same however it is written; of a list, one that answers is enough. */
function findValue(value: unknown, text: string, is: Question['is'], find: Find): LetterMatch | null {
  if (Array.isArray(value)) {
    for (const each of value) {
      const found = typeof each === 'object' ? null : findValue(each, text, is, find);
      if (found) return found;
    }
    return null;
  }
  if (typeof value === 'object' && value !== null) return null;
  if (is === 'equals' && typeof value === 'number' && text.trim() !== '' && Number(text) === value) return shown(value);
  return find(String(value));
}

function shown(value: unknown): LetterMatch {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return excerpt(text, 0, text.length);
}

function excerpt(text: string, at: number, length: number): LetterMatch {
  const from = Math.max(0, at - SHOWN_BEFORE);
  const to = at + Math.min(length, MAX_SHOWN);
  return {
    before: (from > 0 ? '…' : '') + inOneLine(text.slice(from, at)),
    text: inOneLine(text.slice(at, to)),
    after: inOneLine(text.slice(to, to + SHOWN_AFTER)) + (to + SHOWN_AFTER < text.length ? '…' : ''),
  };
}

/** Half a character at a cut is left out. */
const inOneLine = (text: string): string =>
  text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '').replace(/[\p{Cc}\s]+/gu, ' ');
