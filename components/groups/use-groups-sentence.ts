import { useFormat } from '@/components/shared/use-format';
import { useT } from '@/lib/i18n/use-t';
import { countAll } from './groups-filter';

/** What is true of all groups that the text filter leaves, in words. */
export function useGroupsSentence(counts: Record<string, number> | undefined, query: string): string {
  const t = useT('groups');
  const f = useFormat();
  if (!counts) return '\u00a0';
  if (countAll(counts) === 0) return query ? t('sentence.noneMatch', { query }) : '\u00a0';
  const of = (...words: string[]) => words.reduce((sum, word) => sum + (counts[word] ?? 0), 0);
  const all = countAll(counts);
  const bad = of('not-consuming');
  // Of a group that stands still and yet consumes, some queue falls behind.
  const behind = of('STALLED', 'STOPPED', 'NO_MEMBERS', 'WARN') - bad;
  const ok = of('OK');
  const unknown = of('UNKNOWN');
  const said = { n: all, count: f.count(all), ok: f.count(ok), okN: ok, unknown: f.count(unknown), unknownN: unknown };
  if (bad + behind === 0) return query ? t('sentence.calmMatch', { ...said, query }) : t('sentence.calm', said);
  const trouble = {
    count: said.count,
    ok: said.ok,
    okN: ok,
    unknown: said.unknown,
    unknownN: unknown,
    bad: f.count(bad),
    badN: bad,
    behind: f.count(behind),
    behindN: behind,
  };
  return query ? t('sentence.troubleMatch', { ...trouble, query }) : t('sentence.trouble', trouble);
}
