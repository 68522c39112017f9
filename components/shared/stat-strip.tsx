import type { ReactNode } from 'react';

export type Stat = { id: string; label: ReactNode; value: ReactNode; note?: ReactNode };

/** Figures of a page in one frame, no cards. */
export function StatStrip({ stats }: { stats: readonly Stat[] }) {
  return (
    <dl className="figs">
      {stats.map((stat) => (
        <div key={stat.id}>
          <dt>{stat.label}</dt>
          <dd>
            <b>{stat.value}</b>
            {stat.note ? <small>{stat.note}</small> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The ledger of a dead-letter queue: total, then one cell per state. */
export function Ledger({ label, cells }: { label: string; cells: readonly Stat[] }) {
  return (
    <section className="led" aria-label={label}>
      {cells.map((cell, index) => (
        <div key={cell.id} className={index === 0 ? 'eq' : undefined}>
          {index === 0 ? <small>{cell.label}</small> : cell.label}
          <b>{cell.value}</b>
        </div>
      ))}
    </section>
  );
}
