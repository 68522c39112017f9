import type { Namespace } from './messages';
import { type Translator, useTranslator } from './words';

/**
 * `const t = useT('groups')`, then `t('list.title')`. The test of unused keys reads exactly this form, and
 * `t: T<'groups'>` for a translator that is handed on.
 */
export const useT = useTranslator;

export type T<N extends Namespace> = Translator<N>;
