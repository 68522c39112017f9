'use client';
import { useState } from 'react';
import { saveCsv, saveJsonl } from '@/components/shared/save-text';
import { Button } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { toast } from '@/components/ui/toast-store';
import type { JobDetail, JobItem } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { ApiProblem } from '@/lib/queries/fetcher';
import { readJobItems } from '@/lib/queries/jobs';
import { itemsAsCsv, itemsAsJsonl } from './report';

/** All items of the job as a file. */
export function ReportMenu({ job }: { job: JobDetail }) {
  const t = useT('jobs');
  const [busy, setBusy] = useState(false);
  const save = async (format: 'csv' | 'jsonl') => {
    setBusy(true);
    try {
      const items = await allItems(job);
      const name = `${job.kind}-${job.id}`;
      if (format === 'csv') saveCsv(name, itemsAsCsv(items));
      else saveJsonl(name, itemsAsJsonl(job, items));
    } catch (error) {
      toast({ tone: 'crit', text: error instanceof ApiProblem && error.message ? error.message : t('report.failed') });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu
      align="end"
      trigger={
        <Button icon="download" trailing="chevron-down" busy={busy}>
          {t('report.label')}
        </Button>
      }
      items={[
        { id: 'csv', label: t('report.csv'), onSelect: () => void save('csv') },
        { id: 'jsonl', label: t('report.jsonl'), onSelect: () => void save('jsonl') },
      ]}
    />
  );
}

async function allItems({ cluster, id }: JobDetail): Promise<JobItem[]> {
  const items: JobItem[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof readJobItems>> = await readJobItems({ cluster, id, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}
