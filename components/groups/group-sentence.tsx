'use client';
import { Fragment } from 'react';
import { useRuleSentence } from '@/components/lag/rule';
import { useSayParams } from '@/components/shared/say-params';
import { useFormat } from '@/components/shared/use-format';
import { useUnknownReason } from '@/components/shared/wire-figure';
import { rich } from '@/components/ui/rich';
import type { GroupDetail, Said } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';

/** What is true of the group now, then the rule that gave the status word. */
export function GroupSentence({ group }: { group: GroupDetail }) {
  const t = useT('groups');
  const f = useFormat();
  const rule = useRuleSentence()(group.rule);
  return (
    <>
      {group.sentence.map((clause) => (
        <Fragment key={clause.key}>
          <Clause clause={clause} />
        </Fragment>
      ))}
      {rule && group.status !== 'OK' && group.mode !== 'BROADCASTING' ? (
        <span className="fg2">
          {f.gap}
          {t('detail.stop', { text: rule })}
        </span>
      ) : null}
    </>
  );
}

function Clause({ clause: { key, params } }: { clause: Said }) {
  const t = useT('groups');
  const status = useT('status');
  const say = useSayParams();
  const reason = useUnknownReason();
  const path = `sentence_parts.${key}` as const;
  if (!t.has(path as never)) return null;
  const values = {
    ...rich,
    ...say(params),
    statusWord: params.status === undefined ? '' : status(`group.${params.status}` as never),
    reasonText: reason(params.reason === undefined ? undefined : String(params.reason)) ?? '',
  };
  return t.rich(path as never, values as never);
}
