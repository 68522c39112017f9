import { expect, it } from 'vitest';
import { render } from '../shared/render.fixture';
import { LetterSearchPanel } from './letter-search-panel';
import type { LetterSearch } from './use-letter-search';

const search = {
  hits: [],
  ended: 'complete',
  error: null,
  progress: {
    read: 9,
    of: 9,
    at: null,
    skipped: { large: 3, gone: 0, silent: 0, notJson: 0, unreadable: 0 },
    failures: [],
  },
} as unknown as LetterSearch;

it.each(['en', 'zh-CN'] as const)('what was too large to be looked into says how large that is: %s', (locale) => {
  const text = render(<LetterSearchPanel search={search} />, locale);
  expect(text).toMatch(/512\sKB/);
  expect(text).toMatch(/20\s000/);
});
