'use client';
import { RuledStatus } from '@/components/lag/rule';
import { ClusterLink } from '@/components/shared/cluster-link';
import { CopyLinkButton } from '@/components/shared/copy-button';
import { PageHeader } from '@/components/shared/page-header';
import { Tape } from '@/components/shared/tape';
import { buttonClass } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';
import { GroupSentence } from './group-sentence';
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
