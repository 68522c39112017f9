import { createTranslator } from 'use-intl/core';
import type { Locale } from './locale';
import { MESSAGES, type Namespace } from './messages';

/** Texts outside React: errors, metadata, job reports. `const t = translator(locale, 'errors')`. */
export function translator<N extends Namespace>(locale: Locale, namespace: N) {
  return createTranslator({ locale, messages: MESSAGES[locale], namespace });
}

/**
 * The sentence of a `DomainError`: `errors.<key>` filled with its parameters, and `errors.<key>_hint` where there is one.
 * A key without a text yields the key itself, so that an error is never hidden by a missing translation.
 */
export function errorText(
  locale: Locale,
  key: string,
  params: Record<string, string | number> = {},
): { message: string; hint?: string } {
  const t = createTranslator({
    locale,
    messages: MESSAGES[locale],
    namespace: 'errors',
    onError: () => {},
  }) as unknown as LooseTranslator;
  const hintKey = `${key}_hint`;
  const message = t.has(key) ? t(key, params) : key;
  const cause = causeText(locale, params);
  if (cause) return { message: `${message} ${cause.text}`, hint: cause.next };
  return t.has(hintKey) ? { message, hint: t(hintKey, params) } : { message };
}

/** Parameters may name what has to be mended, in words that browsers share; its next step is better than a general one. */
function causeText(locale: Locale, params: Record<string, string | number>) {
  const t = createTranslator({
    locale,
    messages: MESSAGES[locale],
    namespace: 'common',
    onError: () => {},
  }) as unknown as LooseTranslator;
  const path = `cause.${params.cause}`;
  return t.has(path) ? { text: t(path, params), next: t(`causeNext.${params.cause}`) } : null;
}

type LooseTranslator = { (key: string, params?: Record<string, string | number>): string; has(key: string): boolean };
