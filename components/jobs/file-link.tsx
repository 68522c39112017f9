'use client';
import { useFormat } from '@/components/shared/use-format';
import { buttonClass } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import type { JobDetail } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { jobFileUrl } from '@/lib/queries/jobs';

/** Download of what a job wrote, while it is kept. */
export function FileLink({ job, inHead = false }: { job: JobDetail; inHead?: boolean }) {
  const { cluster, id, file, can } = job;
  const t = useT('jobs');
  const f = useFormat();
  if (!file || !can.download || file.expiresAt <= f.now) return null;
  return (
    <a
      className={inHead ? buttonClass(can.acknowledge ? 'default' : 'primary') : buttonClass('default', 'small', 'mt8')}
      href={jobFileUrl({ cluster, id })}
      download={file.name}
    >
      <Icon name="download" size={14} />
      {t('file.download')}
    </a>
  );
}
