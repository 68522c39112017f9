import { describe, expect, it } from 'vitest';
import { isLoopbackHost } from './host';

describe('isLoopbackHost', () => {
  it.each(['127.0.0.1', '127.0.0.1:8080', 'localhost:3000', 'LOCALHOST', '[::1]:8080'])('knows %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });
  it.each([
    null,
    '',
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    '127.0.0.1:8080@evil.example',
    '10.0.0.1',
    'localhost:123456',
  ])('refuses %s', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
