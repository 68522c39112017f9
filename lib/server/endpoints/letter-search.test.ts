import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LetterSearchEvent } from '@/lib/contract/letter-search';
import { FakeCluster } from '@/lib/domain/messages/fake-cluster.fixture';
import { freshDir } from '@/lib/store/fixtures';
import { openStore } from '@/lib/store/open';
import { handle } from '../handle';
import { DEFAULT_LIMITS } from '../limit-settings';
import { Limits } from '../limits';
import { type Runtime, runtime, setRuntime } from '../runtime';
import { ACCESS_SETTINGS, signedIn } from '../signed-in.fixture';
import { letterSearch, lettersList } from './dead-letters';

const LETTERS = 2000;
const fake = new FakeCluster({ a: '10.0.0.1:10911' });
let HOST: Record<string, string>;
/** Hears of each question to the broker. */
let onCall = () => {};
const pulls = () => fake.calls.filter(({ request }) => request === 'PULL_MESSAGE').length;

beforeAll(async () => {
  fake.groups.add('g');
  for (let n = 0; n < LETTERS; n++)
    fake.store('a', { topic: '%DLQ%g', storedAt: 1000 + n, storedBody: Buffer.from(`red ${n}`) });
  const store = await openStore({ dir: freshDir() });
  const { client } = fake.ctx(store);
  const call = client.call.bind(client);
  client.call = ((...given: Parameters<typeof call>) => {
    onCall();
    return call(...given);
  }) as typeof call;
  const cluster = { config: { name: 'demo' }, client, sweeper: { snapshot: () => null } };
  setRuntime({
    settings: ACCESS_SETTINGS,
    limits: new Limits(DEFAULT_LIMITS),
    store,
    clusters: new Map([['demo', cluster]]),
  } as unknown as Runtime);
  HOST = await signedIn(store);
  const list = handle(lettersList).GET;
  for (let read = 0; read < LETTERS; )
    read = (await (await list(new Request('http://127.0.0.1:8080/x?group=g', { headers: HOST }))).json()).ledger.read;
});
afterAll(async () => {
  await runtime().store.close();
  setRuntime(undefined);
});

const search = (query: string, signal?: AbortSignal, headers = HOST) =>
  handle(letterSearch).GET(
    new Request(`http://127.0.0.1:8080/x?group=g&${query}`, { headers, ...(signal && { signal }) }),
  );

test('a search answers line by line until it has ended', async () => {
  const response = await search('in=body&text=RED%2012');
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  const lines = (await response.text()).trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as LetterSearchEvent);
  expect(events[0]).toMatchObject({ read: 0, of: LETTERS, ended: null });
  expect(events.at(-1)).toMatchObject({ read: LETTERS, found: 111, ended: 'complete' });
  expect(events.flatMap(({ items }) => items)).toHaveLength(111);
});

type Leave = (stop: AbortController, body: ReadableStreamDefaultReader) => void;
test.each<[string, Leave]>([
  ['cancels what it reads', (_, body) => void body.cancel()],
  ['goes away', (stop) => stop.abort()],
])('no broker is asked any more when the reader %s', async (_, leave) => {
  const stop = new AbortController();
  const body = (await search('in=body&text=blue', stop.signal)).body?.getReader() as ReadableStreamDefaultReader;
  await body.read();
  const before = pulls();
  const left = new Promise<void>((resolve) => {
    onCall = () => {
      if (pulls() < before + 8) return;
      onCall = () => {};
      leave(stop, body);
      resolve();
    };
  });
  const next = body.read();
  await left;
  expect((await next).done).toBe(true);
  // Four at a time, eight letters each of at most 32.
  expect(pulls() - before).toBeLessThan(8 + 4 * 4);
  const asked = pulls();
  expect((await (await search('in=body&text=red%2077')).text()).trimEnd().split('\n').at(-1)).toContain('"found":11');
  expect(pulls() - asked).toBe(LETTERS / 8);
});

test('no more than three run at a time, two of them of one person, and one that is left makes room', async () => {
  const [bob, carol] = [await signedIn(runtime().store, 'Bob'), await signedIn(runtime().store, 'Carol')];
  const begin = async (text: string, who = HOST) => (await search(`in=body&text=${text}`, undefined, who)).body;
  const bodies = [await begin('a'), await begin('b')];
  const own = await search('in=body&text=c');
  expect([own.status, own.headers.get('retry-after')]).toEqual([429, '5']);
  expect(await own.json()).toMatchObject({ message: '2 of your searches are running on this cluster already.' });
  bodies.push(await begin('c', bob));
  const refused = await search('in=body&text=d', undefined, carol);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'unavailable', message: expect.stringContaining('3 searches') });
  await bodies[0]?.cancel();
  bodies.push(await begin('d', carol));
  expect(bodies[3]).not.toBeNull();
  for (const body of bodies.slice(1)) await body?.cancel();
});

test('a question that cannot be answered is an error, not a stream', async () => {
  for (const query of [
    'in=body&text=',
    'in=path&name=a[',
    'in=body&text=x&state=expired',
    'in=body&text=x&cursor=none',
  ])
    expect((await search(query)).status, query).toBe(400);
});
