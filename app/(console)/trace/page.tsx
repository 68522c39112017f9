import type { Metadata } from 'next';
import { Words } from '@/app/page-words';
import { TraceView } from '@/components/trace/trace-view';
import { translator } from '@/lib/i18n/translator';
import { pageLocale } from '@/lib/server/page';

export async function generateMetadata(): Promise<Metadata> {
  const t = translator(await pageLocale(), 'trace');
  return { title: t('title') };
}

/** A search over every topic can take seconds: the browser asks, shows how long it takes and can stop it. */
export default function TracePage() {
  return (
    <Words of={['messages', 'trace']}>
      <TraceView />
    </Words>
  );
}
