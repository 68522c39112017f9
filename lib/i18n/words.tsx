'use client';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { createTranslator } from 'use-intl/core';
import type { Locale } from './locale';
import type { Messages, Namespace } from './messages';

/** Noun → its words as JSON text: one string is cheap to send, and to compare with what is parsed already. */
export type Words = Readonly<Partial<Record<Namespace, string>>>;
export type Translator<N extends Namespace> = ReturnType<typeof createTranslator<Messages, N>>;

interface Spoken {
  locale: Locale;
  words: Words;
}
const WordsContext = createContext<Spoken>({ locale: 'en', words: {} });

/** Language, and words beside those of the provider around it. */
export function WordsProvider({ locale, words, children }: Spoken & { children: ReactNode }) {
  const outer = useContext(WordsContext).words;
  const value = useMemo(() => ({ locale, words: { ...outer, ...words } }), [locale, outer, words]);
  return <WordsContext value={value}>{children}</WordsContext>;
}

export const useLocale = (): Locale => useContext(WordsContext).locale;

/** By language and noun: what is parsed and formatted for one page serves all others, on the server too. */
const translators = new Map<string, { text: string; translator: unknown }>();

export function useTranslator<N extends Namespace>(noun: N): Translator<N> {
  const { locale, words } = useContext(WordsContext);
  const text = words[noun] ?? '{}';
  const key = `${locale} ${noun}`;
  const known = translators.get(key);
  if (known?.text === text) return known.translator as Translator<N>;
  const messages = { [noun]: JSON.parse(text) } as Messages;
  const translator = createTranslator<Messages, N>({ locale, messages, namespace: noun } as never);
  translators.set(key, { text, translator });
  return translator as Translator<N>;
}
