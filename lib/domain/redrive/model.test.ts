import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { JournalFile } from './journal-file.fixture';
import { type Disturbance, play, type Script } from './model-play.fixture';
import { verdictOf } from './model-verdict.fixture';
import type { Fate } from './unreliable-broker.fixture';

// Slices of the processor's time are not on the clock.
vi.mock('../breather', () => ({ breather: () => () => undefined }));

/** More runs take a seed of their own unless one is given: `REDRIVE_MODEL_RUNS=5000 npx vitest run … model.test.ts`. */
const { REDRIVE_MODEL_RUNS, REDRIVE_MODEL_SEED } = process.env;
const numRuns = Number(REDRIVE_MODEL_RUNS ?? 120);
const seed = REDRIVE_MODEL_SEED ? Number(REDRIVE_MODEL_SEED) : REDRIVE_MODEL_RUNS ? Date.now() % 2 ** 31 : 20_261_122;

let file: JournalFile;
beforeAll(async () => {
  file = await JournalFile.open();
});
afterAll(() => file.close());

const oneOf = <T>(...weighted: [number, fc.Arbitrary<T>][]) =>
  fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const soon = fc.integer({ min: 1, max: 20 });

const deed = oneOf<Fate['deed']>(
  [12, fc.constant({ kind: 'store', code: 0 })],
  [2, fc.record({ kind: fc.constant('store'), code: fc.constantFrom(10, 12) })],
  [2, fc.record({ kind: fc.constant('refuse'), code: fc.constantFrom(2, 14, 215) })],
  [1, fc.record({ kind: fc.constant('refuse'), code: fc.constantFrom(13, 16, 17) })],
  [1, fc.record({ kind: fc.constant('error'), code: fc.constantFrom(1, 1500), isStored: fc.boolean() })],
  [1, fc.constantFrom<Fate['deed']>({ kind: 'unsent' }, { kind: 'divert' })],
);
const fate: fc.Arbitrary<Fate> = fc.record({
  deed,
  // Late: after the answer was given up, after the settle time, after the next attempt.
  arrives: oneOf<number | null>(
    [8, soon],
    [1, fc.integer({ min: 5000, max: 18_000 })],
    [2, fc.integer({ min: 18_000, max: 28_000 })],
    [1, fc.integer({ min: 28_000, max: 45_000 })],
    [1, fc.constant(null)],
  ),
  isHeldBack: oneOf([5, fc.constant(false)], [1, fc.constant(true)]),
  dispatched: oneOf([6, fc.constant(0)], [1, fc.integer({ min: 1, max: 40_000 })]),
  // 3 s and 5 s are what codes 12 and 10 take; 8 s is as long as an answer is waited for.
  answers: oneOf<number | null>([10, soon], [1, fc.integer({ min: 3000, max: 12_000 })], [2, fc.constant(null)]),
  breaks: oneOf<number | null>([12, fc.constant(null)], [1, fc.integer({ min: 1, max: 5000 })]),
});
const at = fc.nat(1);
const disturbance = oneOf<Disturbance>(
  [6, fc.constant({ kind: 'kill' })],
  [2, fc.constantFrom<Disturbance>({ kind: 'pause' }, { kind: 'stop' })],
  [2, fc.constant({ kind: 'cancel' })],
  [2, fc.record({ kind: fc.constant('deafen'), at })],
  [1, fc.record({ kind: fc.constant('expire'), at, count: fc.integer({ min: 1, max: 3 }) })],
  [1, fc.record({ kind: fc.constant('outage'), at, ms: fc.integer({ min: 100, max: 90_000 }) })],
);
const script: fc.Arbitrary<Script> = fc.record({
  masters: fc.constantFrom<1 | 2>(1, 2),
  letters: oneOf([4, fc.integer({ min: 1, max: 6 })], [1, fc.integer({ min: 7, max: 24 })]),
  rate: fc.constantFrom(500, 1, 3),
  target: fc.constantFrom('group', 'origin'),
  strangers: fc.nat(2),
  consumer: fc.constantFrom('none', 'takes', 'fails'),
  fates: fc.array(fate, { maxLength: 20 }),
  disturbances: fc.array(fc.record({ after: fc.integer({ min: 1, max: 120 }), what: disturbance }), { maxLength: 5 }),
  rests: fc.array(
    fc.record({
      ms: fc.nat(40_000),
      act: oneOf<'resume' | 'cancel'>([5, fc.constant('resume')], [1, fc.constant('cancel')]),
    }),
    { maxLength: 4 },
  ),
});

test('whatever network, broker, operator and kernel do: the report is true, and nothing is sent twice unlooked', async () => {
  await fc.assert(
    fc.asyncProperty(script, async (each) => {
      const story = await play(each, file);
      const wrong = verdictOf(story);
      expect(wrong, story.watch.story.join('\n')).toEqual([]);
    }),
    { numRuns, seed },
  );
}, 3_600_000);
