'use client';
import { useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { toast } from '@/components/ui/toast-store';
import { asCsv, asJsonl } from '@/lib/format/csv';
import { useT } from '@/lib/i18n/use-t';
import { ApiProblem } from '@/lib/queries/fetcher';
import { readAll } from '@/lib/queries/pages';
import { brokerNames } from './broker-names';
import { saveCsv, saveJsonl } from './save-text';
import { useFormat } from './use-format';

/** The whole list as it is filtered and sorted, as a file. A file that leaves brokers out says so in its name. */
export function ExportMenu({ name, path, input }: { name: string; path: string; input: object }) {
  const t = useT('common');
  const f = useFormat();
  const [progress, setProgress] = useState<string | null>(null);
  const reading = useRef<AbortController | null>(null);
  const save = async (format: 'csv' | 'jsonl') => {
    const stop = new AbortController();
    reading.current = stop;
    setProgress(t('export.reading'));
    try {
      const { items, failures } = await readAll(
        path,
        input,
        (soFar, total) => setProgress(t('export.progress', { count: f.count(soFar), total: f.count(total) })),
        stop.signal,
      );
      const file = `${name}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}${failures.length > 0 ? '-partial' : ''}`;
      if (format === 'csv') saveCsv(file, rowsAsCsv(items as Record<string, unknown>[]));
      else saveJsonl(file, asJsonl(items));
      if (failures.length > 0) toast({ tone: 'warn', text: t('export.partial', { brokers: brokerNames(failures) }) });
    } catch (error) {
      if (!stop.signal.aborted)
        toast({
          tone: 'crit',
          text: error instanceof ApiProblem && error.message ? error.message : t('export.failed'),
        });
    } finally {
      setProgress(null);
    }
  };
  if (progress !== null)
    return (
      <Button icon="stop" onClick={() => reading.current?.abort()}>
        {t('export.stop', { progress })}
      </Button>
    );
  return (
    <Menu
      align="end"
      trigger={
        <Button icon="download" trailing="chevron-down">
          {t('export.label')}
        </Button>
      }
      items={[
        { id: 'csv', label: t('export.csv'), onSelect: () => void save('csv') },
        { id: 'jsonl', label: t('export.jsonl'), onSelect: () => void save('jsonl') },
      ]}
    />
  );
}

/** Columns by the names of the API; what is no plain value is written as JSON. */
function rowsAsCsv(rows: readonly Record<string, unknown>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const plain = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);
  return asCsv(
    names,
    rows.map((row) => names.map((name) => plain(row[name]))),
  );
}
