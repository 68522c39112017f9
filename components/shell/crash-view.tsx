'use client';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';

export function CrashView({ digest, onRetry }: { digest: string | undefined; onRetry: () => void }) {
  const t = useT('shell');
  return (
    <div className="none" role="alert">
      <h1 className="fw5">{t('crashed.title')}</h1>
      <p>
        {t('crashed.text')} {digest ? <code>{digest}</code> : null}
      </p>
      <div className="acts">
        <Button onClick={onRetry}>{t('crashed.retry')}</Button>
      </div>
    </div>
  );
}
