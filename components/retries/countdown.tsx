'use client';
import { useFormat, useNow } from '@/components/shared/use-format';
import { useT } from '@/lib/i18n/use-t';

/** Time until a message is handed out again, each second; the width of a cell does not follow it. */
export function Countdown({ at }: { at: number | null }) {
  const t = useT('retries');
  const f = useFormat();
  const now = useNow(1_000);
  if (at === null) return <span className="fg3">–</span>;
  const left = Math.ceil((at - now) / 1_000) * 1_000;
  return (
    <span className="n inline-block min-w-20 text-right" data-tip={f.time(at, 'ms')}>
      {left <= 0 ? t('now') : f.duration(left)}
    </span>
  );
}

/** `10s`, `5m`, `1h`, for the narrow places of the ladder. */
export function shortSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
