import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anOperation, freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { FakeCluster } from '../messages/fake-cluster.fixture';
import { getMessage } from '../messages/get';
import { recordIdOf } from '../messages/record-id';
import { listLetters } from './list-messages';

let store: Store;
let dir: string;
let cluster: FakeCluster;
beforeEach(async () => {
  dir = freshDir();
  store = await openStore({ dir });
  cluster = new FakeCluster({ a: '10.0.0.1:10911', b: '10.0.0.2:10911' });
  cluster.groups.add('g');
});
afterEach(() => store.close());

type Died = ReturnType<FakeCluster['store']>;
const die = (broker: string, storedAt: number, properties: Record<string, string>, topic = '%DLQ%g') =>
  cluster.store(broker, { topic, storedAt, reconsumeTimes: 17, properties: { RETRY_TOPIC: 'orders', ...properties } });
const read = () => listLetters(cluster.ctx(store), { group: 'g', state: 'all', limit: 50 });
const firstOf = async (broker: string, { physicalOffset }: Died) =>
  (await getMessage(cluster.ctx(store), { id: recordIdOf({ broker, physicalOffset }) })).firstDiedAt;

async function redrive(id: string, group: string, { queueOffset, physicalOffset, properties, storedAt }: Died) {
  await store.operations.insert(anOperation(id, { cluster: 'test', group, kind: 'redrive', state: 'DONE' }));
  await store.transaction((tables) =>
    tables.items.insertMany([
      {
        operationId: id,
        n: 7,
        srcBroker: 'a',
        srcQueueId: 0,
        srcMsgId: 'm',
        srcQueueOffset: queueOffset,
        srcPhyOffset: physicalOffset,
        srcUniqKey: properties.UNIQ_KEY ?? '',
        srcStoredAt: storedAt,
        originTopic: 'orders',
        bodySha256: null,
        state: 'CONFIRMED',
        terminalReason: null,
      },
    ]),
  );
}

test('a message that died before says when it died first, on whichever broker', async () => {
  const first = die('a', 1000, { UNIQ_KEY: 'U1' });
  const second = die('b', 2000, { UNIQ_KEY: 'U1' });
  const third = die('a', 3000, { UNIQ_KEY: 'U1' });
  const other = die('a', 3001, { UNIQ_KEY: 'U2' });
  const nameless = [die('a', 3002, {}), die('a', 3003, {})] as const;
  await read();
  expect(await firstOf('b', second)).toBe(1000);
  expect(await firstOf('a', third)).toBe(1000);
  for (const letter of [first, other, ...nameless]) expect(await firstOf('a', letter)).toBeNull();
});

test('copies are followed back to the letter that they were made of, also where that has another id or has gone', async () => {
  const first = die('a', 1000, { UNIQ_KEY: 'U1' });
  await redrive('JOB1', 'g', first);
  const edited = die('a', 2000, { UNIQ_KEY: 'E1', RDX_OP: 'JOB1', RDX_N: '7' });
  await redrive('JOB2', 'g', edited);
  const again = die('b', 3000, { UNIQ_KEY: 'E2', RDX_OP: 'JOB2', RDX_N: '7' });
  await read();
  expect(await firstOf('a', edited)).toBe(1000);
  expect(await firstOf('b', again)).toBe(1000);
  const groupId = await store.letters.groupId('test', 'g');
  await store.letters.forget(groupId, { broker: 'a', queueId: 0, below: 1, at: 1 });
  expect(await firstOf('b', again)).toBe(1000);
});

test('what a letter only claims tells nothing: no job, a job of another group, no number', async () => {
  const elsewhere = die('a', 1000, { UNIQ_KEY: 'X' }, '%DLQ%other');
  await redrive('JOB1', 'other', elsewhere);
  const claims: Record<string, string>[] = [
    { RDX_OP: 'NONE', RDX_N: '7' },
    { RDX_OP: 'JOB1', RDX_N: '7' },
    { RDX_OP: 'JOB1', RDX_N: 'x' },
    { RDX_N: '7' },
  ];
  for (const claim of claims) {
    const letter = die('a', 2000, { UNIQ_KEY: `U${claim.RDX_OP}${claim.RDX_N}`, ...claim });
    expect(await firstOf('a', letter), JSON.stringify(claim)).toBeNull();
  }
});

test('only dead letters have died', async () => {
  die('a', 1000, { UNIQ_KEY: 'U1' });
  await read();
  const waiting = die('a', 2000, { UNIQ_KEY: 'U1' }, '%RETRY%g');
  expect(await firstOf('a', waiting)).toBeNull();
});

test('is told of a known group and of an unknown one while the store takes no writes', async () => {
  die('a', 1000, { UNIQ_KEY: 'TWICE' });
  const second = die('a', 2000, { UNIQ_KEY: 'TWICE' });
  await read();
  const elsewhere = die('a', 3000, { UNIQ_KEY: 'TWICE' }, '%DLQ%other');
  const other = new Database(path.join(dir, 'redrive.db'));
  other.exec('begin immediate');
  try {
    expect(await firstOf('a', second)).toBe(1000);
    expect(await firstOf('a', elsewhere)).toBeNull();
  } finally {
    other.close();
  }
});
