'use client';
import { useEffect, useState } from 'react';
import { Skeleton } from '@/components/ui/skeleton';

const WIDTHS = [64, 140, 40, 96, 64, 40, 96, 180, 64, 96, 40, 64, 96, 40, 64, 96] as const;
const PENDING_ROWS = [0, 1, 2, 3, 4, 5];
/** Rows of the final height; drawn only after 150 ms, so that a quick answer never flickers. */
export function PendingRows({ columns, twoLine }: { columns: number; twoLine: boolean }) {
  const [visible, setVisible] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setVisible(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return PENDING_ROWS.map((row) => (
    <tr key={row}>
      {WIDTHS.slice(0, columns).map((_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <td key={column} className={twoLine ? 'two-line' : undefined}>
          {visible ? <Skeleton width={WIDTHS[(column + (row % 2)) % WIDTHS.length] ?? 96} /> : null}
        </td>
      ))}
    </tr>
  ));
}
