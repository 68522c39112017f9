import type { ReactNode } from 'react';

/** Tags of rich texts: `t.rich('sentence', { ...rich, name })`. */
export const rich = {
  b: (chunks: ReactNode) => <b>{chunks}</b>,
  code: (chunks: ReactNode) => <code>{chunks}</code>,
  mono: (chunks: ReactNode) => <span className="mono">{chunks}</span>,
  k: (chunks: ReactNode) => <span className="fg3">{chunks}</span>,
};
