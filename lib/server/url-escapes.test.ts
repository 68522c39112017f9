import { describe, expect, it } from 'vitest';
import { hasWellFormedEscapes } from './url-escapes';

describe('hasWellFormedEscapes', () => {
  it.each(['', '/topics', '/api/topics?q=a+b', '?topic=%25DLQ%25g', '?topic=a%7Cb', '?q=%E4%BD%A0', '?topic=%2500'])(
    'accepts %s',
    (url) => {
      expect(hasWellFormedEscapes(url)).toBe(true);
    },
  );
  it.each(['/%zz', '/jobs/%E4%BD?x=1', '?topic=%', '?topic=%zz', '?topic=%DLQ%g', '?q=%E4%BD', '?%ff=1'])(
    'refuses %s',
    (url) => {
      expect(hasWellFormedEscapes(url)).toBe(false);
    },
  );
});
