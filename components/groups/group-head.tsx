'use client';
import { RuledStatus, useRuleSentence } from '@/components/lag/rule';
import { ClusterLink } from '@/components/shared/cluster-link';
import { CopyLinkButton } from '@/components/shared/copy-button';
import { PageHeader } from '@/components/shared/page-header';
import { Tape } from '@/components/shared/tape';
import { useFormat } from '@/components/shared/use-format';
import { useUnknownReason } from '@/components/shared/wire-figure';
import { buttonClass } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { rich } from '@/components/ui/rich';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';
import { ModeTag } from './mode-tag';

type Props = { name: string; group: GroupDetail | undefined; failed: boolean };

export function GroupHead({ name, group, failed }: Props) {
  const t = useT('groups');
  const topic = group?.topics.length === 1 ? group.topics[0] : null;
  return (
    <PageHeader
      lead
      title={name || t('unknownTitle')}
      beside={
        group ? (
          <>
            <RuledStatus chip status={group.status} rule={group.rule} />
            <Tape steps={group.tape} idle={group.lag === 0} />
            {group.mode === 'CLUSTERING' ? null : <ModeTag mode={group.mode} />}
          </>
        ) : null
      }
      sentence={group ? <GroupSentence group={group} /> : '\u00a0'}
      actions={
        failed ? null : (
          <>
            <CopyLinkButton />
            <ClusterLink className={buttonClass()} href="/offsets/reset" params={{ group: name, topic }}>
              <Icon name="reset" />
              {t('detail.reset')}
            </ClusterLink>
          </>
        )
      }
    />
  );
}

/** How much waits and for how long, then the rule that gave the status word. */
function GroupSentence({ group }: { group: GroupDetail }) {
  const t = useT('groups');
  const f = useFormat();
  const reason = useUnknownReason();
  const rule = useRuleSentence()(group.rule);
  const { lag, lagMs } = group;
  if (group.mode === 'BROADCASTING') return t('detail.stop', { text: t('modeTip.BROADCASTING') });
  const waiting =
    lag === null
      ? t('detail.lagUnknown', { reason: reason(group.unknown?.lag) ?? '' })
      : lag === 0
        ? t('detail.caughtUp')
        : t.rich('detail.waiting', {
            ...rich,
            lag: f.count(lag),
            hasAge: lagMs === null ? 'none' : 'exact',
            age: lagMs === null ? '' : f.duration(lagMs),
          });
  return (
    <>
      {waiting}
      {f.gap}
      {rule && group.status !== 'OK' ? <span className="fg2">{t('detail.stop', { text: rule })}</span> : null}
    </>
  );
}
