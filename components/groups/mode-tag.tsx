'use client';
import type { GroupRow } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';

/** How the group reads, with what follows from it. */
export function ModeTag({ mode }: { mode: GroupRow['mode'] }) {
  const t = useT('groups');
  return (
    <span className="tag" data-tip={t(`modeTip.${mode}`)}>
      {t(`mode.${mode}`)}
    </span>
  );
}
