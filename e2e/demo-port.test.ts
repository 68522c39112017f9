import { expect, it } from 'vitest';
import { demoPort } from './demo-port';

it('is 8080, or PORT, or --port, which comes first', () => {
  expect(demoPort(undefined, undefined)).toBe(8080);
  expect(demoPort(undefined, '')).toBe(8080);
  expect(demoPort(undefined, '9001')).toBe(9001);
  expect(demoPort('9002', '9001')).toBe(9002);
});

it.each(['x', '0', '65536', '-1', '80 '])('refuses %j and names where it was given', (port) => {
  expect(() => demoPort(port, undefined)).toThrow('--port');
  expect(() => demoPort(undefined, port)).toThrow(/^PORT/);
});
