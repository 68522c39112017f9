'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, startTransition, useEffect, useState } from 'react';

/** Up to so many rows are all drawn: the browser's own find works on them. */
const ALL_DRAWN = 200;
/** More than a screen holds. The first HTML has no more, so that it comes soon; the others follow once the page listens. */
const FIRST_DRAWN = 40;
const OVERSCAN = 20;

export interface RowWindow {
  from: number;
  to: number;
  /** Height of what is left out above and below, px. */
  before: number;
  after: number;
  isPart: boolean;
  scrollTo: (index: number) => void;
}

/**
 * Which of many rows of one height are drawn. All of them where the page itself scrolls, as on a phone: the table then has no
 * window of its own.
 */
export function useRowWindow(count: number, scroller: RefObject<HTMLElement | null>): RowWindow {
  const [rowHeight, setRowHeight] = useState(0);
  const isLong = count > ALL_DRAWN;
  const [isFirst, setFirst] = useState(true);
  useEffect(() => startTransition(() => setFirst(false)), []);
  useEffect(() => {
    const element = scroller.current;
    const row = element?.querySelector('tbody tr[data-index]');
    const scrolls = element ? element.scrollHeight > element.clientHeight + 1 : false;
    setRowHeight(isLong && scrolls && row ? row.getBoundingClientRect().height : 0);
  }, [isLong, scroller]);
  const isPart = isLong && rowHeight > 0;
  const virtualizer = useVirtualizer({
    count,
    enabled: isPart,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
  });
  // Of a long list all are drawn once, to see whether the table scrolls by itself.
  const to = isFirst && !isLong ? Math.min(count, FIRST_DRAWN) : count;
  if (!isPart)
    return {
      from: 0,
      to,
      before: 0,
      // No height in the first HTML: the policy forbids styles in it.
      after: 0,
      isPart,
      scrollTo: (index) =>
        scroller.current?.querySelector(`tr[data-index="${index}"]`)?.scrollIntoView({ block: 'nearest' }),
    };
  const drawn = virtualizer.getVirtualItems();
  const from = drawn[0]?.index ?? 0;
  const end = (drawn.at(-1)?.index ?? -1) + 1;
  return {
    from,
    to: end,
    before: from * rowHeight,
    after: (count - end) * rowHeight,
    isPart,
    scrollTo: (index) => virtualizer.scrollToIndex(index),
  };
}
