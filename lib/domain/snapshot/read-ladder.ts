import { GET_ALL_DELAY_OFFSET } from '@/lib/rocketmq/requests/get-all-delay-offset';
import { GET_MAX_OFFSET } from '@/lib/rocketmq/requests/get-max-offset';
import { PULL_MESSAGE } from '@/lib/rocketmq/requests/pull-message';
import type { Asker } from './ask';
import type { LadderFacts, LadderLevel } from './broker-facts';
import { RETRY_PREFIX, SCHEDULE_TOPIC } from './system-names';

const PULLS_PER_SWEEP = 60;
const WAITING_KEPT = 50_000;

/**
 * What waits for its delay: level n is queue n − 1 of SCHEDULE_TOPIC_XXXX from the delivered offset (45) to
 * the end (30). Rows read in an earlier sweep are kept, so that only what is new costs a PULL.
 */
export async function readLadder(
  asker: Asker,
  previous: LadderFacts | undefined,
  delayLevelsMs: readonly number[] | null,
): Promise<LadderFacts> {
  const { levels: delivered } = await asker.ask(GET_ALL_DELAY_OFFSET, undefined);
  const budget = { pulls: PULLS_PER_SWEEP, rows: WAITING_KEPT };
  const levels = new Map<number, LadderLevel>();
  const complete = await Promise.all(
    delivered.map(async ({ level, deliveredOffset }) => {
      const end = await asker.ask(GET_MAX_OFFSET, { topic: SCHEDULE_TOPIC, queueId: level - 1 });
      const before = previous?.levels.get(level);
      // An offset behind what was read already means that the broker's store is another one.
      const kept = before && before.readTo <= end ? before : undefined;
      const state: LadderLevel = {
        deliveredTo: deliveredOffset,
        readTo: Math.max(kept?.readTo ?? 0, deliveredOffset),
        waiting: kept?.waiting.filter(({ queueOffset }) => queueOffset >= deliveredOffset) ?? [],
      };
      levels.set(level, state);
      budget.rows -= state.waiting.length;
      return readOn(asker, state, level, end, delayLevelsMs?.[level - 1] ?? null, budget);
    }),
  );
  return { levels, isComplete: complete.every(Boolean) };
}

async function readOn(
  asker: Asker,
  state: LadderLevel,
  level: number,
  end: number,
  delayMs: number | null,
  budget: { pulls: number; rows: number },
): Promise<boolean> {
  while (state.readTo < end) {
    if (budget.pulls <= 0 || budget.rows <= 0) return false;
    budget.pulls -= 1;
    const { status, messages, nextBeginOffset } = await asker.ask(PULL_MESSAGE, {
      topic: SCHEDULE_TOPIC,
      queueId: level - 1,
      queueOffset: state.readTo,
    });
    for (const { queueOffset, storedAt, properties } of messages) {
      const target = properties.REAL_TOPIC;
      const retryTopic = target?.startsWith(RETRY_PREFIX) ? target : null;
      state.waiting.push({ queueOffset, dueAt: delayMs === null ? null : storedAt + delayMs, retryTopic });
    }
    budget.rows -= messages.length;
    if (status === 'NO_TOPIC' || nextBeginOffset <= state.readTo) return true;
    state.readTo = nextBeginOffset;
    if (status === 'END') return true;
  }
  return true;
}
