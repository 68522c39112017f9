import type { Locale } from './locale';
import { MESSAGES, type Namespace } from './messages';
import type { Words } from './words';

/** What the frame around every page says. Pages bring the nouns of their own; the rest of the words stays on the server. */
export const FRAME_WORDS = ['common', 'shell', 'status', 'groups'] as const satisfies readonly Namespace[];

const texts = new Map<string, string>();

export function wordsOf(locale: Locale, nouns: readonly Namespace[]): Words {
  return Object.fromEntries(nouns.map((noun) => [noun, textOf(locale, noun)]));
}

function textOf(locale: Locale, noun: Namespace): string {
  const key = `${locale} ${noun}`;
  const text = texts.get(key) ?? JSON.stringify(MESSAGES[locale][noun]);
  texts.set(key, text);
  return text;
}
