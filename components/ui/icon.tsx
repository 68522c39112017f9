import type { ReactNode } from 'react';

/** 16-unit outlines of our own, most of them one path; every status has its own silhouette, so that it reads without colour. */
const SHAPES = {
  select: 'm5 6 3-3 3 3M5 10l3 3 3-3',
  overview: 'M2 11.5a6 6 0 1 1 12 0M8 11.5 10.8 7M2 13.5h12',
  topics: 'M2 4h12M2 8h12M2 12h12M5 2.8v2.4M10.5 6.8v2.4M7 10.8v2.4',
  groups: 'M2 8h4.5M6.5 8 10 3.5h4M6.5 8H14M6.5 8 10 12.5h4',
  message: (
    <>
      <rect x="2" y="3.5" width="12" height="9" rx="1" />
      <path d="m2.5 4.5 5.5 4 5.5-4" />
    </>
  ),
  trace: (
    <>
      <circle cx="3.2" cy="3.5" r="1.4" />
      <circle cx="12.8" cy="12.5" r="1.4" />
      <path d="M4.6 3.5H10a2.3 2.3 0 0 1 0 4.5H6a2.3 2.3 0 0 0 0 4.5h5.4" />
    </>
  ),
  'dead-letters': 'M2 9.5V13h12V9.5M2 9.5 4 3h8l2 6.5M2 9.5h3.5l1 1.7h3l1-1.7H14',
  redrive: 'M2 12.5h6.5a4 4 0 0 0 0-8H4M6.5 2 4 4.5 6.5 7',
  reset: 'M2.6 6A5.8 5.8 0 1 1 2.3 9.2M2.3 2.8V6h3.2M8 5v3.2l2.2 1.4',
  retries: 'M13.4 6.2A5.8 5.8 0 0 0 2.8 5.5M2.6 9.8a5.8 5.8 0 0 0 10.6.7M2.6 2.6v3h3M13.4 13.4v-3h-3',
  broker: (
    <>
      <rect x="2" y="2.5" width="12" height="4.5" rx="1" />
      <rect x="2" y="9" width="12" height="4.5" rx="1" />
      <path d="M4.5 4.75h.01M4.5 11.25h.01" />
    </>
  ),
  audit: 'M3 2.5h10v11H3zM5.5 5.5h5M5.5 8h5M5.5 10.5h3',
  person: (
    <>
      <circle cx="8" cy="5.3" r="2.6" />
      <path d="M2.8 13.5c.6-2.6 2.6-4 5.2-4s4.6 1.4 5.2 4" />
    </>
  ),
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z',
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M12.4 3.6l-1 1M4.6 11.4l-1 1" />
    </>
  ),
  screen: (
    <>
      <rect x="2" y="3" width="12" height="8" rx="1" />
      <path d="M6 13.5h4M8 11v2.5" />
    </>
  ),
  language: 'M2 4h7M5.5 2.3V4M8 4c-.7 3-2.8 5-5.6 6.2M3.6 4c.6 2.2 2.2 4 4.4 5M8.2 13.7l2.9-7 2.9 7M9.1 11.5h4',
  help: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M6.3 6.4a1.75 1.75 0 1 1 2.4 1.7c-.5.2-.7.5-.7 1M8 11.2v.01" />
    </>
  ),
  menu: 'M2 4.5h12M2 8h12M2 11.5h12',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: <path d="M4.5 3v10l8-5z" fill="currentColor" />,
  find: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.2 10.2 3.3 3.3" />
    </>
  ),
  filter: 'M2 3.5h12M4.5 8h7M6.8 12.5h2.4',
  link: 'M6.5 9.5 9.5 6.5M7 5l1.8-1.8a2.8 2.8 0 0 1 4 4L11 9M9 11l-1.8 1.8a2.8 2.8 0 0 1-4-4L5 7',
  critical: (
    <>
      <path d="M5.2 1.8h5.6l3.4 3.4v5.6l-3.4 3.4H5.2l-3.4-3.4V5.2z" fill="currentColor" />
      <path d="M8 4.6v4M8 11.2v.01" stroke="var(--surface)" strokeWidth="1.9" />
    </>
  ),
  warning: 'M8 2 14.5 13.4H1.5zM8 6.3v3.4M8 11.5v.01',
  note: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 7.2v4M8 4.9v.01" />
    </>
  ),
  consumed: <path d="m2.5 8.5 3.6 3.6L13.5 4" strokeWidth="2" />,
  'chevron-down': 'm4 6.2 4 4 4-4',
  'chevron-left': 'm9.8 4-4 4 4 4',
  'chevron-right': 'm6.2 4 4 4-4 4',
  'sorted-down': 'M8 3v10M4.5 9.5 8 13l3.5-3.5',
  'sorted-up': 'M8 13V3M4.5 6.5 8 3l3.5 3.5',
  frozen: 'M8 1.8v12.4M2.6 4.9l10.8 6.2M13.4 4.9 2.6 11.1M6.2 2.8 8 4.6l1.8-1.8M6.2 13.2 8 11.4l1.8 1.8',
  dead: <path d="m3.5 3.5 9 9M12.5 3.5l-9 9" strokeWidth="2" />,
  skipped: 'M3 4v8l5-4zM8.5 4v8l5-4z',
  download: 'M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11',
  stalled: (
    <>
      <path d="M5.2 1.8h5.6l3.4 3.4v5.6l-3.4 3.4H5.2l-3.4-3.4V5.2z" fill="currentColor" stroke="currentColor" />
      <path d="M6.3 5.5v5M9.7 5.5v5" stroke="var(--surface)" strokeWidth="1.8" />
    </>
  ),
  stopped: <rect x="2.8" y="2.8" width="10.4" height="10.4" rx="1" fill="currentColor" />,
  'no-members': (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m3.8 12.2 8.4-8.4" />
    </>
  ),
  rewound: 'M8 3 3 8l5 5M13.5 3l-5 5 5 5',
  ok: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.2 8.2 2 2 3.6-4.2" />
    </>
  ),
  more: <path d="M8 3.2v.01M8 8v.01M8 12.8v.01" strokeWidth="2.2" />,
  lock: (
    <>
      <rect x="3" y="7" width="10" height="6.5" rx="1" />
      <path d="M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2" />
    </>
  ),
  tick: 'm3 8.5 3.2 3.2L13 4.8',
  'dead-again': 'm2 5 6 6M8 5l-6 6M9 5l5 6M14 5l-5 6',
  redriving: 'M8 2.2a5.8 5.8 0 1 1-5.8 5.8M8 5.2v3l2 1.4',
  redriven: 'M2 8h8M6.8 4.5 10.3 8l-3.5 3.5M13.5 3v10',
  handled: 'M3.5 14V2.5h9l-2.2 3 2.2 3h-9',
  edit: 'M3 13l.6-3L10.8 2.8l2.4 2.4L6 12.4z',
  close: 'm4 4 8 8M12 4l-8 8',
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1" />
      <path d="M3 10.5H2.5v-8h8V3" />
    </>
  ),
  stop: <rect x="4" y="4" width="8" height="8" />,
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.2" strokeDasharray="2.6 2.2" />
      <path d="M6.5 6.5a1.55 1.55 0 1 1 2.1 1.5c-.4.2-.6.4-.6.9M8 10.9v.01" />
    </>
  ),
  waiting: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 4.5V8l2.4 1.6" />
    </>
  ),
  expired: 'M4 2h8M4 14h8M5 2v2.5L8 8l3-3.5V2M5 14v-2.5L8 8l3 3.5V14',
  calendar: (
    <>
      <rect x="2" y="3" width="12" height="10.5" rx="1" />
      <path d="M2 6.5h12M5 1.8v2.4M11 1.8v2.4" />
    </>
  ),
  'arrow-right': 'M2.5 8h11M9.5 4l4 4-4 4',
  undo: 'M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H6',
  external: 'M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4',
  masked: 'M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8ZM3 13l10-10',
  busy: 'M8 2.2a5.8 5.8 0 1 1-5.8 5.8',
  trash: 'M2.5 4.5h11M6 4.5V2.5h4v2M4 4.5l.6 9h6.8l.6-9M6.8 7v4M9.2 7v4',
  refresh: 'M13.4 6.2A5.8 5.8 0 1 0 13.8 9M13.6 2.6v3.6H10',
  settings: (
    <>
      <path d="M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7" />
      <circle cx="10.5" cy="4.5" r="1.5" />
      <circle cx="5.5" cy="11.5" r="1.5" />
    </>
  ),
  leave: 'M6.5 2.8H3v10.4h3.5M6.5 8h7M10.8 5.2 13.6 8l-2.8 2.8',
  show: (
    <>
      <path d="M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8Z" />
      <circle cx="8" cy="8" r="1.8" />
    </>
  ),
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

/** Decorative: the words beside it carry the meaning. */
export function Icon({
  name,
  size = 16,
  className = '',
}: {
  name: IconName;
  size?: 12 | 14 | 16 | 20;
  className?: string;
}) {
  const shape: ReactNode = SHAPES[name];
  return (
    <svg
      className={`i${size === 16 ? '' : ` i-${size}`} ${className}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
    >
      {typeof shape === 'string' ? <path d={shape} /> : shape}
    </svg>
  );
}
