'use client';
import { useT } from '@/lib/i18n/use-t';
import { useFormat, useNow } from './use-format';

export type NodeAnswer = { name: string; state: 'ok' | 'slow' | 'silent' };
const PIP = { ok: undefined, slow: 'slow', silent: 'no' } as const;
const STALE_MS = 60_000;

/** Pips (one per node), time and age. Amber when a node is silent, red after 60 s without an answer. */
export function AsOf({
  at,
  nodes = [],
  showZone = true,
}: {
  at: number | null;
  nodes?: readonly NodeAnswer[];
  showZone?: boolean;
}) {
  const t = useT('shell');
  const f = useFormat();
  const now = useNow(1_000);
  const answered = nodes.filter((node) => node.state !== 'silent').length;
  const summary = t('nodes', { answered, total: nodes.length });
  const silent = nodes.filter((node) => node.state === 'silent').map((node) => node.name);
  const age = at === null ? Number.POSITIVE_INFINITY : now - at;
  const tone = age > STALE_MS ? 'stale' : silent.length > 0 ? 'partial' : '';
  return (
    <span
      className={`asof ${tone}`}
      {...(nodes.length > 0 ? { 'data-tip': silent.length > 0 ? `${summary}: ${silent.join(', ')}` : summary } : {})}
    >
      {nodes.length > 0 ? (
        <span className="pips hide-m" role="img" aria-label={summary} data-many={nodes.length > 16 ? '' : undefined}>
          {nodes.slice(0, 48).map((node) => (
            <i key={node.name} className={PIP[node.state]} />
          ))}
        </span>
      ) : null}
      {at === null ? (
        <b>{t('asOfUnknown')}</b>
      ) : (
        <span>
          <b>{t('asOf', { time: f.time(at) })}</b>
          {showZone ? <span className="hide-m zone"> {f.zoneName(at)}</span> : null}, {f.agoFrom(at, now)}
        </span>
      )}
    </span>
  );
}
