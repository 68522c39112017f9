import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failureIds } from './failure-ids';
import { freshDir } from './fixtures';
import { NewLetters } from './new-letters';
import { openStore } from './open';
import type { SelectionCount } from './selections';

const ORIGINS = ['orders', 'payments', null];
const STATES = ['dead', 'redriven', 'handled'] as const;

/** What happens to a ledger: letters are read, get another word, leave the cluster, and are forgotten. */
const step = fc.oneof(
  fc.record({ act: fc.constant('read' as const), count: fc.nat(8), origin: fc.nat(2), bodyBytes: fc.nat(2) }),
  fc.record({ act: fc.constant('word' as const), pick: fc.nat(7), state: fc.constantFrom(...STATES) }),
  fc.record({ act: fc.constant('go' as const), share: fc.nat(4) }),
  fc.record({ act: fc.constant('sweep' as const) }),
);

test('counts of all letters are the same by the tally as by reading each, whatever came and went', async () => {
  const store = await openStore({ dir: freshDir() });
  let groups = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.nat(40), async (steps, newer) => {
      const groupId = await store.letters.groupId('c', `g${groups++}`);
      const other = await store.letters.groupId('c', 'other');
      let end = 0;
      let at = 1000;
      for (const each of steps) {
        at += 1000;
        if (each.act === 'read' && each.count > 0) {
          const letters = new NewLetters(each.count);
          for (let n = 0; n < each.count; n++)
            letters.put(n, {
              queueOffset: end + n,
              phyOffset: 100 * (end + n),
              // Some messages died more than once.
              uniqKey: `U${(end + n) % 5}`,
              keys: `k${n}`,
              tag: 't',
              originTopic: ORIGINS[each.origin] ?? null,
              bornAt: at,
              storedAt: at + n,
              reconsumeTimes: 3,
              attempts: 3,
              bodyBytes: each.bodyBytes,
              causeProperty: null,
              causeText: null,
              failure: { kind: 'shape', key: 'k', label: 'k' },
              rdxOp: null,
              rdxN: null,
            });
          for (const id of [groupId, other]) {
            const failures = await failureIds(store, id, letters.failures);
            const span = { broker: 'a', queueId: groups, from: end, to: end + each.count };
            const read = { ...span, fromAt: at, fromPhyOffset: 0, lastPhyOffset: 0, damaged: 0 };
            await store.batch(store.letters.add(id, read, letters, failures));
          }
          end += each.count;
        } else if (each.act === 'word') {
          const { state, pick } = each;
          await store.db
            .updateTable('letter')
            .set({ state })
            .where('groupId', '=', groupId)
            .where('queueOffset', '=', pick)
            .execute();
        } else if (each.act === 'go') {
          const below = Math.floor((end * each.share) / 5);
          await store.letters.forget(groupId, { broker: 'a', queueId: groups, below, at });
        } else if (each.act === 'sweep') await store.letters.sweep(at);
      }
      const upToId = Math.max(0, (await store.selections.newest()) - newer);
      const condition = { groupId, upToId, asOf: 0, needsOrigin: false };
      const order = (rows: SelectionCount[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
      // A filter that lets all through, and has them read.
      const read = await store.selections.counts({ ...condition, filter: { from: 0 } });
      expect(order(await store.selections.counts({ ...condition, filter: {} }))).toEqual(order(read));
      expect(await store.letters.count(groupId, {})).toBe(await store.letters.count(groupId, { from: 0 }));
    }),
    { numRuns: 60 },
  );
  await store.close();
});
