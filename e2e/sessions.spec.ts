import type { JobSummary } from '@/lib/contract/jobs';
import { expect, test } from './fixtures';
import { type Api, apiOf } from './harness/api';
import { makeDead, pausedRedrive } from './harness/dead-letters';
import { type NewConsole, startNewConsole } from './harness/new-console';
import { addPerson, cookieIn, type Guest, personWith, signIn } from './harness/people';
import { openStoreFile } from './harness/store-file';
import { open } from './harness/streams';
import { type Guard, startGuard } from './sandbox/guard';

const MINUTE_MS = 60_000;
const IDLE_MS = 30 * MINUTE_MS;
const MOST_MS = 12 * 60 * MINUTE_MS;

let guard: Guard;
let console_: NewConsole;
let api: Api;

test.beforeAll(async ({ cluster }) => {
  guard = startGuard();
  // Then a header says where somebody is.
  const env = { REDRIVE_BEHIND_TLS: 'true' };
  console_ = await startNewConsole(cluster, guard, 'sessions', { isLeftNew: false, env });
  api = apiOf(() => console_.url);
});
test.afterAll(async () => {
  await console_?.kill();
  await guard?.close();
});

test('C20 what ends a session ends its next request, and its open streams, within a second', {
  tag: '@turn-3',
}, async ({ oracle, unique }) => {
  test.setTimeout(240_000);
  const letters = Array.from({ length: 3 }, (_, n) => ({ keys: `E-${n}`, body: '{}' }));
  const dead = await makeDead(oracle, api, unique('ends'), letters);
  const job = await pausedRedrive(api, dead);
  const change = (id: string, patch: object) => api.post('/api/accounts/change', { id, ...patch });
  const acts: Record<string, (who: Guest) => Promise<{ status: number }>> = {
    'sign-out': (who) => who.post('/api/sign-out', {}),
    'a new password': async (who) => {
      const elsewhere = personWith(console_.url, cookieIn(await signIn(api, console_.url, who.name, who.password)));
      return elsewhere.post('/api/me/password', { current: who.password, next: `${who.password} too` });
    },
    'a password that an administrator set': (who) => change(who.id, { password: 'another long password' }),
    'another role': (who) => change(who.id, { roles: ['viewer'] }),
    'being disabled': (who) => change(who.id, { isDisabled: true }),
    'ending it from elsewhere': async (who) => {
      const { items } = (await who.ask<{ items: { id: string; isThis: boolean }[] }>('/api/me/sessions')).body;
      return who.post('/api/me/sessions/end', { id: items.find(({ isThis }) => isThis)?.id });
    },
  };
  let n = 0;
  for (const [what, act] of Object.entries(acts)) {
    n += 1;
    const who = await addPerson(console_.url, `ends-${n}`, ['operator']);
    const stream = await open(`${console_.url}/api/jobs/events?id=${job.id}`, who.cookie);
    expect(stream.status, what).toBe(200);
    await expect.poll(() => stream.text, { message: what }).toContain('event: job');
    expect(stream.endedAt, what).toBeNull();
    const done = await act(who);
    const at = Date.now();
    expect(done.status, what).toBe(200);
    const next = await who.post('/api/plans/handle', { group: dead.group, select: { all: true } });
    expect([401, 403], `${what}: ${next.text}`).toContain(next.status);
    await expect.poll(() => stream.endedAt, { message: what, intervals: [50] }).not.toBeNull();
    // A second, and what a busy machine adds to it.
    expect((stream.endedAt ?? 0) - at, what).toBeLessThan(2_000);
  }
  await api.post<JobSummary>('/api/jobs/cancel', { id: job.id, reason: 'the test is over' });
});

test('C21 a session ends when nobody has moved for 30 minutes, and after 12 hours in any case', async () => {
  const store = openStoreFile(console_);
  const age = (column: 'lastSeenAt' | 'expiresAt', who: Guest, ms: number) =>
    store.prepare(`update "session" set "${column}" = "${column}" - ? where "accountId" = ?`).run([ms, who.id]);
  const status = async (who: Guest, headers: Record<string, string> = {}) =>
    (await api.ask('/api/me', { headers: { cookie: who.cookie, 'x-redrive-idle-ms': '0', ...headers } })).status;
  const page = async (who: Guest) => (await api.ask('/groups', { headers: { cookie: who.cookie } })).status;
  try {
    const idle = await addPerson(console_.url, 'idle', ['viewer']);
    age('lastSeenAt', idle, IDLE_MS - MINUTE_MS);
    // Asking by itself is no sign of a person, so that an open tab keeps no session alive.
    expect(await status(idle, { 'x-redrive-idle-ms': String(IDLE_MS) })).toBe(200);
    age('lastSeenAt', idle, MINUTE_MS);
    expect([await status(idle), await page(idle)]).toEqual([401, 307]);

    const busy = await addPerson(console_.url, 'busy', ['viewer']);
    age('lastSeenAt', busy, IDLE_MS - MINUTE_MS);
    expect(await status(busy)).toBe(200);
    // That was a sign of somebody: it begins anew.
    age('lastSeenAt', busy, IDLE_MS - MINUTE_MS);
    expect(await status(busy)).toBe(200);
    age('expiresAt', busy, MOST_MS - MINUTE_MS);
    expect(await status(busy)).toBe(200);
    age('expiresAt', busy, MINUTE_MS);
    expect([await status(busy), await page(busy)]).toEqual([401, 307]);
  } finally {
    store.close();
  }
});

test('C18 tries are slowed down by name and by place, as slowly for names that do not exist, and nobody else is locked out', {
  tag: '@turn-1',
}, async () => {
  test.setTimeout(240_000);
  const from = (place: string) => ({ 'x-forwarded-for': place });
  const ann = await addPerson(console_.url, 'ann', ['viewer']);
  const wrong = (name: string, place: string) => signIn(api, console_.url, name, 'not the password', from(place));
  const tries: number[] = [];
  for (let n = 0; n < 11; n++) tries.push((await wrong('ann', '10.3.0.1')).status);
  expect(tries).toEqual([...Array(9).fill(401), 429, 429]);
  const paused = await signIn(api, console_.url, 'ann', ann.password, from('10.3.0.1'));
  expect(paused.status).toBe(429);
  expect(Number(paused.headers['retry-after'])).toBeGreaterThan(60);
  expect((await signIn(api, console_.url, 'ann', ann.password, from('10.3.0.2'))).status).toBe(200);

  // Many names from one place: that place waits, with every name.
  const many: number[] = [];
  for (let n = 0; n < 51; n++) many.push((await wrong(`somebody-${n}`, '10.3.0.3')).status);
  expect(many.slice(0, 50)).toEqual(Array(50).fill(401));
  expect(many[50]).toBe(429);
  expect((await signIn(api, console_.url, 'ann', ann.password, from('10.3.0.3'))).status).toBe(429);
  expect((await signIn(api, console_.url, 'ann', ann.password, from('10.3.0.4'))).status).toBe(200);

  const tookMs = async (name: string, place: string) => {
    const at = performance.now();
    await wrong(name, place);
    return performance.now() - at;
  };
  const medianOf = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  const [known, unknown]: [number[], number[]] = [[], []];
  for (let n = 0; n < 9; n++) {
    known.push(await tookMs('ann', `10.4.0.${n}`));
    unknown.push(await tookMs(`nobody-${n}`, `10.4.1.${n}`));
  }
  const ratio = medianOf(known) / medianOf(unknown);
  expect(ratio, 'time to find out about a name').toBeGreaterThan(0.6);
  expect(ratio, 'time to find out about a name').toBeLessThan(1.7);
});
