import type { ReactNode } from 'react';

export type Head = { id: string; label: ReactNode; className?: string };

/** A table as it is: nothing to sort, to choose or to open. Scrolls within its frame. */
export function ShortTable({
  caption,
  heads,
  height,
  className = 'mb12',
  footer,
  children,
}: {
  /** Read out, not shown. */
  caption: string;
  heads: readonly Head[];
  /** Class with the most it takes. */
  height: string;
  className?: string;
  footer?: ReactNode;
  /** Its rows. */
  children: ReactNode;
}) {
  return (
    <div className={`tw ${className}`}>
      <div className={`ts ${height}`}>
        <table className="tight">
          <caption className="sr">{caption}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head.id} scope="col" className={head.className}>
                  {head.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
      {footer ? <div className="tf">{footer}</div> : null}
    </div>
  );
}
