import { GET_MAX_OFFSET } from '@/lib/rocketmq/requests/get-max-offset';
import { accessRefused } from '../access-refused';
import { writeQueuesOf } from './cluster-facts';
import type { Note } from './note';
import { callWithin, laneKey, type RedriveRun } from './run-context';
import { isOfBroker } from './waits';

interface Target {
  topic: string;
  broker: string;
}

/**
 * Makes sure of the brokers that a window goes to: floors are known, topics are there, a socket is open. One that does not
 * answer is waited for. A note: the job cannot go on, because a send to a topic that is gone would create it (safety F23).
 */
export async function readyTargets(
  run: RedriveRun,
  targets: readonly Target[],
): Promise<{ ready: Set<string>; note: Note | null }> {
  const topics = new Map<string, Set<string>>();
  for (const { broker, topic } of targets) topics.set(broker, (topics.get(broker) ?? new Set()).add(topic));
  const ready = new Set<string>();
  const notes = await Promise.all(
    [...topics].map(async ([broker, used]) => {
      const began = run.ctx.now();
      try {
        await openLanes(run, broker);
        for (const topic of used)
          if ((await writeQueuesOf(run.ctx, broker, topic)) === 0)
            return { key: 'target_gone', params: { topic, broker } };
        await openSocket(run, broker);
        ready.add(broker);
      } catch (error) {
        if (!isOfBroker(error)) throw error;
        const refused = accessRefused(error, broker);
        if (refused) return refused;
        run.waits.failed(broker, error, began);
      }
      return null;
    }),
  );
  return { ready, note: notes.find((note) => note !== null) ?? null };
}

/** Floors are read before the first send, and kept for ever: what lies above may be ours. */
async function openLanes(run: RedriveRun, broker: string): Promise<void> {
  const { ctx, operation, floors } = run;
  for (const to of run.letters.lanes) {
    if (to.broker !== broker || floors.has(laneKey(to))) continue;
    const { topic, queueId } = to;
    const floorOffset = await ctx.client.call(GET_MAX_OFFSET, { topic, queueId }, { broker, ...callWithin(ctx) });
    await ctx.store.attempts.insertLane({
      operationId: operation.id,
      tgtTopic: topic,
      tgtBroker: broker,
      tgtQueueId: queueId,
      floorOffset,
    });
    floors.set(laneKey(to), floorOffset);
  }
}

async function openSocket(run: RedriveRun, broker: string): Promise<void> {
  if (run.sockets.get(broker)?.isOpen) return;
  run.sockets.set(broker, await run.ctx.client.openLane(broker, callWithin(run.ctx)));
}
