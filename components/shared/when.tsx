'use client';
import { useFormat } from './use-format';

/** “03:00:41, 12 min ago”. `form`: time alone, age alone, or both. */
export function When({
  at,
  form = 'both',
  precision,
}: {
  at: number | null | undefined;
  form?: 'both' | 'time' | 'ago';
  precision?: 'minute' | 'second' | 'ms';
}) {
  const f = useFormat();
  if (at === null || at === undefined || !Number.isFinite(at) || Math.abs(at) > 8.64e15)
    return <span className="fg3">–</span>;
  const text = form === 'time' ? f.time(at, precision) : form === 'ago' ? f.ago(at) : f.when(at, precision);
  return (
    <time
      dateTime={new Date(at).toISOString()}
      className="n"
      {...(form === 'both' ? {} : { 'data-tip': `${f.when(at, 'ms')} ${f.zoneName(at)}` })}
    >
      {text}
    </time>
  );
}
