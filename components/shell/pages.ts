import type { IconName } from '@/components/ui/icon';

export type PageId =
  | 'overview'
  | 'topics'
  | 'groups'
  | 'trace'
  | 'deadLetters'
  | 'retries'
  | 'offsetReset'
  | 'jobs'
  | 'audit'
  | 'settings';
export type Page = { id: PageId; path: string; icon: IconName; key: string };
export type SectionId = 'flow' | 'recover' | 'platform';

const OVERVIEW: Page = { id: 'overview', path: '/', icon: 'overview', key: 'o' };
/** Only pages that exist. `key` follows `g`. */
export const NAVIGATION: readonly { id: SectionId | null; pages: readonly Page[] }[] = [
  { id: null, pages: [OVERVIEW] },
  {
    id: 'flow',
    pages: [
      { id: 'topics', path: '/topics', icon: 'topics', key: 't' },
      { id: 'groups', path: '/groups', icon: 'groups', key: 'g' },
      { id: 'trace', path: '/trace', icon: 'trace', key: 'm' },
    ],
  },
  {
    id: 'recover',
    pages: [
      { id: 'deadLetters', path: '/dead-letters', icon: 'dead-letters', key: 'd' },
      { id: 'retries', path: '/retries', icon: 'retries', key: 'r' },
      { id: 'offsetReset', path: '/offsets/reset', icon: 'reset', key: 's' },
      { id: 'jobs', path: '/jobs', icon: 'redrive', key: 'j' },
    ],
  },
  {
    id: 'platform',
    pages: [
      { id: 'audit', path: '/audit', icon: 'audit', key: 'a' },
      { id: 'settings', path: '/settings', icon: 'settings', key: ',' },
    ],
  },
];
export const PAGES: readonly Page[] = NAVIGATION.flatMap((section) => section.pages);

/** The page whose section an address belongs to. */
export const pageOf = (pathname: string): Page | undefined =>
  pathname === '/'
    ? OVERVIEW
    : PAGES.find((page) => page.path !== '/' && (pathname === page.path || pathname.startsWith(`${page.path}/`)));
