'use client';
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

type Live = { isLive: boolean; setLive: (on: boolean) => void };
const LiveContext = createContext<Live>({ isLive: true, setLive: () => {} });

export function LiveProvider({ children }: { children: ReactNode }) {
  const [isLive, setLive] = useState(true);
  const live = useMemo(() => ({ isLive, setLive }), [isLive]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** Whether pages refresh by themselves: `refetchInterval: isLive ? 3_000 : false`. */
export const useLive = (): Live => useContext(LiveContext);
