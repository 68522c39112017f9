'use client';
import { Banner } from '@/components/shared/banner';
import { ClusterLink } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import { buttonClass } from '@/components/ui/button';
import { rich } from '@/components/ui/rich';
import type { GroupDetail } from '@/lib/contract/groups';
import { JOB_KINDS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';

/** What people are doing, or did and can take back. */
export function GroupBanners({ group: { group, activeJob, undo } }: { group: GroupDetail }) {
  const t = useT('groups');
  const f = useFormat();
  const kind = JOB_KINDS.find((known) => known === activeJob?.kind) ?? 'other';
  return (
    <>
      {activeJob ? (
        <Banner
          tone="info"
          actions={
            <ClusterLink className={buttonClass('default', 'small')} href={`/jobs/${activeJob.id}`}>
              {t('detail.activeLink')}
            </ClusterLink>
          }
        >
          {t.rich('detail.active', { ...rich, jobKind: t(`detail.jobKind.${kind}`) })}
        </Banner>
      ) : null}
      {undo ? (
        <Banner
          tone="viol"
          actions={
            <ClusterLink
              className={buttonClass('default', 'small')}
              href="/offsets/reset"
              params={{ group, topic: undo.topic, undo: undo.jobId }}
            >
              {t('detail.undoLink')}
            </ClusterLink>
          }
        >
          {t.rich('detail.undo', { ...rich, topic: undo.topic, ago: f.ago(undo.at), actor: undo.actor })}
        </Banner>
      ) : null}
    </>
  );
}
