import type { Attempt } from '@/lib/store/attempts';
import type { Item } from '@/lib/store/items';
import type { StoreTables } from '@/lib/store/tables';
import { askBrokers } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { itemsOf, type LetterPlace, type Sought } from './already';
import { isCaughtUp } from './resolve-unknown';
import { laneOf, REDRIVE_TIMES } from './run-context';
import { scanLane } from './scan-lane';
import type { Refusal } from './targets';

/** A send of a letter by an earlier job that may have stored a copy. */
interface OpenSend {
  letterId: string;
  item: Item;
  attempt: Attempt;
}

/** A copy that vanished was stored, but nobody receives it. */
const isOpen = ({ state, terminalReason }: Item): boolean =>
  state === 'UNKNOWN' || (state === 'NEEDS_DECISION' && terminalReason !== 'vanished');

/** Sends whose outcome the journal does not know. */
export async function openSends(
  store: Pick<StoreTables, 'items' | 'attempts'>,
  cluster: string,
  group: string,
  letters: readonly LetterPlace[],
): Promise<OpenSend[]> {
  const items = await itemsOf(store, cluster, group, letters);
  const open = [...items].flatMap(([letterId, each]) => each.filter(isOpen).map((item) => ({ letterId, item })));
  const sends: OpenSend[] = [];
  for (const jobId of new Set(open.map(({ item }) => item.operationId))) {
    const ofJob = new Map(open.flatMap((each) => (each.item.operationId === jobId ? [[each.item.n, each]] : [])));
    for (const attempt of await store.attempts.ofItems(jobId, [...ofJob.keys()])) {
      const each = ofJob.get(attempt.n);
      if (each) sends.push({ ...each, attempt });
    }
  }
  return sends;
}

/** Where such a send may have stored its copy: an edited one has a key of its own, and the topic may be another one than now. */
export const soughtBy = ({ letterId, attempt }: OpenSend): Sought => ({
  letterId,
  topic: attempt.tgtTopic,
  broker: attempt.tgtBroker,
  key: attempt.uniqKey,
  from: attempt.intentAt - 60_000,
  jobId: attempt.operationId,
});

/**
 * Why a letter cannot be edited yet: an earlier job has stored a copy, or may have. Two edits have different ids, so no
 * consumer could tell that they are one message; the queue itself is searched therefore, not the index alone.
 */
export async function refusalOfOpenSends(ctx: Ctx, group: string, letter: LetterPlace): Promise<Refusal | null> {
  let unsure: Refusal | null = null;
  for (const { item, attempt } of await openSends(ctx.store, ctx.cluster, group, [letter])) {
    // All of its attempts were looked for already, with proof.
    if (item.terminalReason === 'attempts_exhausted') continue;
    const params = { job: item.operationId };
    const found = await lookFor(ctx, attempt);
    if (found) return { key: 'already_edited', params };
    if (found === null) unsure ??= { key: 'edit_unsure', params };
  }
  return unsure;
}

/** Null: it may lie there, or still arrive. */
async function lookFor(ctx: Ctx, attempt: Attempt): Promise<boolean | null> {
  const { sendMs, settleMs } = REDRIVE_TIMES;
  const { items } = await askBrokers([attempt.tgtBroker], async (broker) => {
    const isSettled = ctx.now() - attempt.intentAt > sendMs + settleMs && (await isCaughtUp({ ctx }, broker));
    const wanted = new Set([attempt.n]);
    const { copies, isProof } = await scanLane(ctx, laneOf(attempt), attempt.floorOffset, attempt.operationId, wanted);
    if (copies.size > 0) return true;
    return isProof && isSettled ? false : null;
  });
  return items[0]?.value ?? null;
}
