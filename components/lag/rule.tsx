'use client';
import { useSayParams } from '@/components/shared/say-params';
import { GroupStatusWord } from '@/components/shared/status-word';
import type { StatusWord } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';

export type Rule = { key: string; params: Record<string, string | number> };

/** The rule that fired, with its numbers, as a sentence. */
export function useRuleSentence(): (rule: Rule) => string | undefined {
  const t = useT('status');
  const say = useSayParams();
  return (rule) => {
    const path = `status_rule.${rule.key}`;
    return t.has(path as never) ? t(path as never, say(rule.params) as never) : undefined;
  };
}

/** The status word with its rule as tooltip. */
export function RuledStatus({ status, rule, chip }: { status: StatusWord; rule: Rule; chip?: boolean }) {
  const sentence = useRuleSentence();
  return <GroupStatusWord status={status} chip={chip ?? false} because={sentence(rule)} />;
}
