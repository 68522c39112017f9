'use client';
import { useCallback } from 'react';
import { useSayParams } from '@/components/shared/say-params';
import { GroupStatusWord } from '@/components/shared/status-word';
import type { StatusWord } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';

export type Rule = { key: string; params: Record<string, string | number> };

/** The rule that fired, with its numbers and the queue it fired on, as a sentence. */
export function useRuleSentence(): (rule: Rule) => string | undefined {
  const t = useT('status');
  const say = useSayParams();
  return useCallback(
    ({ key, params }) => {
      const path = `status_rule.${key}`;
      if (!t.has(path as never)) return undefined;
      const sentence: string = t(path as never, say(params) as never);
      return params.queue === undefined ? sentence : t('rule_at', { rule: sentence, queue: String(params.queue) });
    },
    [t, say],
  );
}

/** The status word, with the word and its rule as tooltip: `STALLED: 10 of 10 samples at offset …`. */
export function RuledStatus({ status, rule, chip }: { status: StatusWord; rule: Rule; chip?: boolean }) {
  const t = useT('status');
  const sentence = useRuleSentence()(rule);
  const because = sentence && t('rule_said', { word: t(`group.${status}`), rule: sentence });
  return <GroupStatusWord status={status} chip={chip ?? false} because={because} />;
}
