import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureIds } from './failure-ids';
import { freshDir } from './fixtures';
import { NewLetters } from './new-letters';
import { openStore, type Store } from './open';

/** More than are looked up by their key, and more than a walk back in time looks at. */
const [OLD, NEW] = [3_000, 52_000];
let store: Store;
let groupId: number;

beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
  groupId = await store.letters.groupId('c', 'g');
  const letters = new NewLetters(OLD + NEW);
  for (let n = 0; n < letters.size; n++)
    letters.put(n, {
      queueOffset: n,
      phyOffset: n * 100,
      uniqKey: n === 5 ? 'OLD' : `U${n}`,
      keys: n === 5 ? 'other' : `${n < OLD ? 'OLD' : 'NEW'}-${n}`,
      tag: n % 2 ? 'odd' : 'even',
      originTopic: 'orders',
      bornAt: n,
      storedAt: Math.floor(n / 3),
      reconsumeTimes: 3,
      attempts: 3,
      bodyBytes: 1,
      causeProperty: null,
      causeText: null,
      failure: { kind: 'shape', key: 'k', label: 'k' },
      rdxOp: null,
      rdxN: null,
    });
  const span = {
    broker: 'a',
    queueId: 0,
    from: 0,
    to: letters.size,
    fromAt: 0,
    fromPhyOffset: 0,
    lastPhyOffset: 0,
    damaged: 0,
  };
  await store.batch(store.letters.add(groupId, span, letters, await failureIds(store, groupId, letters.failures)));
}, 60_000);
afterAll(() => store.close());

const offsets = async (filter: Parameters<Store['letters']['page']>[1], skip: number, limit: number) => {
  const first = skip === 0 ? null : ((await store.letters.page(groupId, filter, { after: null }, skip)).at(-1) ?? null);
  return (await store.letters.page(groupId, filter, { after: first }, limit)).map(({ queueOffset }) => queueOffset);
};

test('many with a key come newest first, also where all of them are old; so does one whose id it is', async () => {
  expect(await offsets({ q: 'NEW' }, 0, 3)).toEqual([54_999, 54_998, 54_997]);
  expect(await offsets({ q: 'OLD' }, 0, 3)).toEqual([2_999, 2_998, 2_997]);
  expect(await offsets({ q: 'OLD' }, 2, 3)).toEqual([2_997, 2_996, 2_995]);
  expect(await offsets({ q: 'OLD', tag: 'odd' }, 0, 3)).toEqual([2_999, 2_997, 2_995]);
  expect(await offsets({ q: 'OLD', states: ['dead'] }, 0, 2)).toEqual([2_999, 2_998]);
  expect(await offsets({ q: 'OLD' }, 2_992, 20)).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  expect(await offsets({ q: 'OLD-29' }, 0, 2)).toEqual([2_999, 2_998]);
  expect(await store.letters.count(groupId, { q: 'OLD' })).toBe(OLD);
  expect(await store.letters.count(groupId, { q: 'OLD', tag: 'odd' })).toBe(OLD / 2);
});

test('those that have gone are found by their key as well', async () => {
  await store.letters.forget(groupId, { broker: 'a', queueId: 0, below: 10, at: 1 });
  expect(await offsets({ q: 'OLD-', states: ['expired'] }, 0, 3)).toEqual([9, 8, 7]);
  expect(await offsets({ q: 'OLD', states: ['expired'] }, 4, 2)).toEqual([5, 4]);
});
