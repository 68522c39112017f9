import { useTranslations } from 'use-intl';
import type { Namespace } from './messages';

/**
 * `const t = useT('groups')`, then `t('list.title')`. The test of unused keys reads exactly this form, and
 * `t: T<'groups'>` for a translator that is handed on.
 */
export const useT = useTranslations;

export type T<N extends Namespace> = ReturnType<typeof useTranslations<N>>;
