import { useFormat } from '@/components/shared/use-format';
import type { OverviewReply } from '@/lib/contract/overview';
import { useT } from '@/lib/i18n/use-t';

const NOT_CONSUMING = new Set(['group_stalled', 'group_stopped', 'group_no_members']);

/** The page's title is what is true now, worst first. Every number counts findings of the server. */
export function useHeadline(overview: OverviewReply | undefined): string {
  const t = useT('overview');
  const f = useFormat();
  if (!overview) return t('title');
  const { findings, failures } = overview;
  const stuck = findings.filter(({ key }) => NOT_CONSUMING.has(key)).length;
  const rest = findings.length - stuck;
  if (stuck > 0 && rest > 0)
    return t('head.notConsumingMore', { n: stuck, count: f.count(stuck), m: rest, more: f.count(rest) });
  if (stuck > 0) return t('head.notConsuming', { n: stuck, count: f.count(stuck) });
  if (rest > 0) return t('head.watch', { n: rest, count: f.count(rest) });
  return failures.length > 0 ? t('head.calmPartial') : t('head.calm');
}
