import { describe, expect, it } from 'vitest';
import { checkSameOrigin } from './same-origin';

const write = (headers: Record<string, string>) =>
  new Request('http://127.0.0.1:8080/api/jobs', {
    method: 'POST',
    headers: { host: '127.0.0.1:8080', 'content-type': 'application/json', ...headers },
  });
const verdict = (headers: Record<string, string>) => {
  try {
    checkSameOrigin(write(headers));
    return 'passes';
  } catch (error) {
    return (error as { status: number }).status;
  }
};

describe('checkSameOrigin', () => {
  it.each([
    ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:8080', cookie: 'a=b' }, 'passes'],
    ['a client without browser headers or cookie', {}, 'passes'],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example', cookie: 'a=b' }, 403],
    ['a sibling site', { 'sec-fetch-site': 'same-site', cookie: 'a=b' }, 403],
    ['a foreign origin alone', { origin: 'https://evil.example' }, 403],
    ['another port of this machine', { origin: 'http://127.0.0.1:9999' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['a cookie that says nothing of where it comes from', { cookie: 'a=b' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['a type that only begins like JSON', { 'content-type': 'application/jsonx' }, 415],
  ])('%s', (_, headers, expected) => {
    expect(verdict(headers as Record<string, string>)).toBe(expected);
  });
});
