import { expect, test } from 'vitest';
import type { SnapshotBroker, SnapshotTopic } from './snapshot';
import { advanceFlows, rateInOf, type TopicFlow } from './topic-flow';

const broker = (name: string, state: SnapshotBroker['state'] = 'ok') => ({ name, state }) as SnapshotBroker;
const topicOf = (ends: Record<string, number>, type: SnapshotTopic['type'] = 'NORMAL') =>
  new Map([
    [
      't',
      {
        name: 't',
        type,
        config: [],
        partial: null,
        queues: Object.entries(ends).map(([name, maxOffset]) => ({
          broker: name,
          queueId: 0,
          minOffset: 0,
          maxOffset,
          lastStoredAt: null,
          asOf: 0,
        })),
      } satisfies SnapshotTopic,
    ],
  ]);

function run(steps: { at: number; ends: Record<string, number>; down?: string }[]): TopicFlow | undefined {
  let flows: Map<string, TopicFlow> | undefined;
  for (const { at, ends, down } of steps) {
    const brokers = Object.keys(ends).map((name) => broker(name, name === down ? 'stale' : 'ok'));
    flows = advanceFlows(flows, topicOf(ends), brokers, at);
  }
  return flows?.get('t');
}

test('a rate is what was written over the span it was written in', () => {
  expect(rateInOf(run([{ at: 0, ends: { a: 100 } }]))).toEqual({ unknown: 'not_sampled' });
  const flow = run([
    { at: 0, ends: { a: 100, b: 50 } },
    { at: 5_000, ends: { a: 120, b: 60 } },
    { at: 10_000, ends: { a: 140, b: 70 } },
  ]);
  expect(rateInOf(flow)).toMatchObject({ value: 6 });
});

test('only about the last minute counts', () => {
  const steps = Array.from({ length: 40 }, (_, n) => ({ at: n * 5_000, ends: { a: n < 20 ? n * 1000 : 20_000 } }));
  expect(rateInOf(run(steps))).toMatchObject({ value: 0 });
});

test('a broker that goes, and a topic created again, begin anew instead of giving a negative or sudden rate', () => {
  const gone = run([
    { at: 0, ends: { a: 100, b: 900 } },
    { at: 5_000, ends: { a: 110, b: 900 }, down: 'b' },
  ]);
  expect(rateInOf(gone)).toEqual({ unknown: 'not_sampled' });
  const again = run([
    { at: 0, ends: { a: 100 } },
    { at: 5_000, ends: { a: 3 } },
  ]);
  expect(rateInOf(again)).toEqual({ unknown: 'not_sampled' });
});

test('minutes: what was written in each, a gap where nobody looked', () => {
  const steps = Array.from({ length: 25 }, (_, n) => ({ at: n * 5_000, ends: { a: n * 10 } }));
  expect(run(steps)?.minutes).toEqual([120, 120]);
  expect(run([...steps, { at: 300_000, ends: { a: 900 } }])?.minutes).toEqual([120, 120, null, null, null]);
});

test("RocketMQ's own topics are not measured", () => {
  expect(advanceFlows(undefined, topicOf({ a: 1 }, 'RETRY'), [broker('a')], 0).size).toBe(0);
});
