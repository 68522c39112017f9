import type { RedrivePlanInput } from '@/lib/contract/plans';
import type { Ctx } from '../ctx';
import { openLedger } from '../dead-letters/open-ledger';
import { sourceUniqKey } from '../messages/row';
import { earlierInJournal, findCopies, type Sought } from './already';
import type { Aimed, Choice, Skipped } from './choice';
import { aimOf, holderFor, queueFor } from './destination';
import type { FrozenLetter } from './input';
import { openSends, soughtBy } from './open-sends';
import { refusalOfTopic } from './other-topic';
import { fitsIn } from './properties';
import { sampleOf } from './sample';
import { type Letter, letterId, placeOf, readSelection } from './selection';
import { findHolders, type Holders } from './targets';

interface Placed extends Aimed {
  to: FrozenLetter['to'];
}

const SAMPLES = 3;

/** Letters that a list holds: each is read, and looked up in the journal and in its target. */
export async function chooseListed(ctx: Ctx, input: RedrivePlanInput, isPopGroup: boolean): Promise<Choice> {
  const { group, select, target } = input;
  const selected = await readSelection(ctx, group, select);
  const skipped: Skipped[] = selected.gone.map((id) => ({ id, reason: 'expired', jobId: null }));
  const [journal, older] = await Promise.all([
    earlierInJournal(ctx.store, ctx.cluster, group, selected.letters.map(sourceOf)),
    olderCopies(ctx, group, selected.letters),
  ]);

  const aimed: Aimed[] = [];
  const seen = new Set<string>();
  for (const letter of selected.letters) {
    const uniqKey = sourceUniqKey(letter.record);
    const earlier = journal.get(letterId(letter));
    const aim = aimOf(letter, group, target, isPopGroup);
    const isOlder = older.has(letterId(letter)) || (uniqKey !== '' && seen.has(uniqKey));
    if (uniqKey !== '') seen.add(uniqKey);
    if (isOlder) skipped.push(skip(letter, 'older_copy'));
    else if (earlier) skipped.push({ id: letterId(letter), ...earlier });
    else if (!aim) skipped.push(skip(letter, 'no_origin_topic'));
    else if (letter.record.storedBody.length === 0) skipped.push(skip(letter, 'empty_body'));
    else if (!fitsIn(sampleOf(letter, aim, group, input.newIds === true).properties))
      skipped.push(skip(letter, 'properties_too_large'));
    else aimed.push({ letter, aim });
  }

  const unfit = target.kind === 'topic' ? refusalOfTopic(ctx, target.topic) : null;
  const { holders, refused, isFifo, failed } = unfit
    ? { holders: new Map(), refused: unfit, isFifo: false, failed: [] }
    : await findHolders(
        ctx,
        group,
        aimed.map(({ aim }) => aim),
      );
  const placed = aimed.flatMap((each, index) => placeCopy(each, index, holders));
  const copies = refused ? null : await findCopies(ctx, await soughtOf(ctx, group, placed));
  const sent = placed.filter(({ letter }) => {
    const jobId = copies?.jobs.get(letterId(letter));
    if (jobId !== undefined) skipped.push({ ...skip(letter, 'already_redriven'), jobId });
    return jobId === undefined;
  });

  const oldest = sent.at(-1)?.letter;
  return {
    count: sent.length,
    oldest: oldest ? { broker: oldest.broker, storedAt: oldest.record.storedAt } : null,
    bytes: sent.reduce((sum, { letter }) => sum + letter.record.storedBody.length, 0),
    counts: countBy(sent.map(({ to }) => to.topic)),
    aims: sent.map(({ aim }) => aim),
    sources: new Set(sent.map(({ letter }) => letter.broker)),
    targets: new Set(sent.map(({ to }) => to.broker)),
    holders,
    refused,
    isFifo,
    skipped,
    sample: sent.slice(0, SAMPLES),
    loose: sent.filter(({ letter }) => !letter.record.properties.__SHARDINGKEY).length,
    isMarkersComplete: copies?.isComplete ?? true,
    silent: selected.failures,
    failures: failed,
    // Oldest first: what belongs together keeps its order.
    frozen: { letters: sent.map(frozenLetter).reverse() },
  };
}

/**
 * Letters whose message died again later, as the ledger knows, which may reach further than the selection: whatever became of
 * the newest letter, one that is sent besides it would be consumed twice.
 */
async function olderCopies(ctx: Ctx, group: string, letters: readonly Letter[]): Promise<Set<string>> {
  if (letters.length === 0) return new Set();
  const { groupId } = await openLedger(ctx, group);
  return ctx.store.selections.older(
    groupId,
    letters.map((letter) => ({
      id: letterId(letter),
      uniqKey: sourceUniqKey(letter.record),
      storedAt: letter.record.storedAt,
      phyOffset: letter.record.physicalOffset,
    })),
  );
}

/** In their targets, and where sends of unknown outcome went. */
async function soughtOf(ctx: Ctx, group: string, placed: readonly Placed[]): Promise<Sought[]> {
  const open = await openSends(
    ctx.store,
    ctx.cluster,
    group,
    placed.map(({ letter }) => sourceOf(letter)),
  );
  const inTarget = placed.map(({ letter, to: { topic, broker } }) => ({
    letterId: letterId(letter),
    topic,
    broker,
    key: sourceUniqKey(letter.record),
    from: letter.record.storedAt - 1000,
    jobId: null,
  }));
  return [...inTarget, ...open.map(soughtBy)];
}

function placeCopy({ letter, aim }: Aimed, index: number, holders: Holders): Placed[] {
  const held = holders.get(aim.topic);
  const broker = holderFor([...(held?.keys() ?? [])], letter.broker);
  if (!held || broker === undefined) return [];
  return [{ letter, aim, to: { topic: aim.topic, broker, queueId: queueFor(letter, index, held.get(broker) ?? 1) } }];
}

const skip = (letter: Letter, reason: string): Skipped => ({ id: letterId(letter), reason, jobId: null });

export const sourceOf = (letter: Letter) => ({ ...placeOf(letter), uniqKey: sourceUniqKey(letter.record) });

const frozenLetter = ({ letter, aim, to }: Placed): FrozenLetter => ({
  ...sourceOf(letter),
  msgId: letter.record.offsetMessageId,
  storedAt: letter.record.storedAt,
  originTopic: aim.originTopic,
  destination: aim.destination,
  bytes: letter.record.storedBody.length,
  to,
});

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
