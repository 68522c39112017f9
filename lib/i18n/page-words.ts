import type { Locale } from './locale';
import { MESSAGES, type Messages, type Namespace } from './messages';

/** What the frame around every page says. Pages bring the nouns of their own; the rest of the words stays on the server. */
export const FRAME_WORDS = ['common', 'shell', 'status', 'groups'] as const satisfies readonly Namespace[];

export function wordsOf(locale: Locale, nouns: readonly Namespace[]): Partial<Messages> {
  return Object.fromEntries(nouns.map((noun) => [noun, MESSAGES[locale][noun]]));
}
