import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { judgeItems } from './judge';
import { redriveOf, sceneOf } from './scene.fixture';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

/** One copy for a group that consumes by POP, and a clock. */
async function popCopy() {
  const at = sceneOf(store, 1);
  at.group.mode = 'POP';
  const job = await redriveOf(at, { target: { kind: 'origin' } });
  await job.run();
  const copy = [0, 1, 2, 3].flatMap((queueId) => at.broker.queue('orders', queueId))[0];
  if (!copy) throw new Error('nothing was sent');
  let now = Date.now();
  at.ctx.now = () => now;
  const verdictAfter = async (seconds: number) => {
    now += seconds * 1000;
    const items = await store.items.page(job.operation.id, { limit: 1 });
    return (await judgeItems(at.ctx, { id: job.operation.id, group: 'g' }, items)).get(0);
  };
  return { ...at, copy, verdictAfter };
}

test('by POP a copy is consumed a minute after its offset was first seen passed, however late that was', async () => {
  const { broker, copy, verdictAfter } = await popCopy();
  expect(await verdictAfter(70)).toBe('redriven');
  broker.consume(copy);
  expect(await verdictAfter(0)).toBe('redriven');
  expect(await verdictAfter(59)).toBe('redriven');
  expect(await verdictAfter(1)).toBe('consumed');
});

test('a copy that fails within that minute was not consumed', async () => {
  const { broker, copy, verdictAfter } = await popCopy();
  broker.consume(copy);
  expect(await verdictAfter(70)).toBe('redriven');
  broker.put('%RETRY%g_orders', { reconsumeTimes: 1, properties: copy.properties });
  expect(await verdictAfter(30)).toBe('failed_again');
  broker.committed.set('%RETRY%g_orders 0', 1);
  expect(await verdictAfter(30)).toBe('failed_again');
  expect(await verdictAfter(60)).toBe('consumed_later');
});

test('an offset that was set back begins anew', async () => {
  const { broker, copy, verdictAfter } = await popCopy();
  broker.consume(copy);
  expect(await verdictAfter(0)).toBe('redriven');
  broker.committed.set(`orders ${copy.queueId}`, 0);
  expect(await verdictAfter(50)).toBe('redriven');
  broker.consume(copy);
  expect(await verdictAfter(10)).toBe('redriven');
  expect(await verdictAfter(60)).toBe('consumed');
});
