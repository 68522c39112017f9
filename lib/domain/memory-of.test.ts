import { expect, test, vi } from 'vitest';
import { memoryOf } from './memory-of';

test('two copies of the module share what hangs on an object, and another object has its own', async () => {
  const client = {};
  memoryOf(client, 'wanted', () => new Map<string, number>()).set('orders', 1);
  vi.resetModules();
  const other = await import('./memory-of');
  expect(other.memoryOf).not.toBe(memoryOf);
  expect(other.memoryOf(client, 'wanted', () => new Map())).toEqual(new Map([['orders', 1]]));
  expect(other.memoryOf(client, 'counts', () => new Map()).size).toBe(0);
  expect(other.memoryOf({}, 'wanted', () => new Map()).size).toBe(0);
  expect(Object.keys(client)).toEqual([]);
});
