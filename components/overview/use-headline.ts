import { useFormat } from '@/components/shared/use-format';
import type { OverviewReply } from '@/lib/contract/overview';
import { useT } from '@/lib/i18n/use-t';

/** The page's title is what is true now, worst first. Each group that does not consume is one of the findings. */
export function useHeadline(overview: OverviewReply | undefined): string {
  const t = useT('overview');
  const f = useFormat();
  if (!overview) return t('title');
  const { failures, counts } = overview;
  const stuck = counts.notConsuming;
  const rest = counts.findings - stuck;
  if (stuck > 0 && rest > 0)
    return t('head.notConsumingMore', { n: stuck, count: f.count(stuck), m: rest, more: f.count(rest) });
  if (stuck > 0) return t('head.notConsuming', { n: stuck, count: f.count(stuck) });
  if (rest > 0) return t('head.watch', { n: rest, count: f.count(rest) });
  return failures.length > 0 ? t('head.calmPartial') : t('head.calm');
}
