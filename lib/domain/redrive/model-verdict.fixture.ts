import type { JobItem } from '@/lib/contract/jobs';
import type { Story } from './model-play.fixture';
import { REDRIVE_TIMES } from './run-context';
import type { Copy, UnreliableBroker } from './unreliable-broker.fixture';

const STORED = ['CONFIRMED', 'STORED_UNCERTAIN', 'CONSUMED', 'FAILED_AGAIN', 'DEAD_AGAIN'];
const NOT_STORED = ['REJECTED', 'SKIPPED_BY_CANCEL', 'EXPIRED', 'NEEDS_DECISION'];
const TERMINAL = [...STORED, ...NOT_STORED, 'DUPLICATED', 'ALREADY_REDRIVEN'];

const sumOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** What the report of a job that has ended says, against what truly lies on the broker: everything that is wrong. */
export function verdictOf(story: Story): string[] {
  const { operation, count, counts, items, exceptions, brokers, watch } = story;
  const wrong = [...watch.violations];
  const must = (condition: boolean, otherwise: string) => {
    if (!condition) wrong.push(otherwise);
  };
  must(sumOf(counts) === count, `the outcomes sum to ${sumOf(counts)}, the selection is ${count}`);
  must(items.length === count, `${items.length} items are listed of ${count}`);
  must(new Set(items.map(({ n }) => n)).size === items.length, 'an item is listed twice');
  must(!(operation.errorJson ?? '').includes('unexpected'), `it broke: ${operation.errorJson}`);
  const told = sumOf(JSON.parse(operation.countsJson ?? '{}'));
  must(told === count, `the job itself counts ${told} of ${count}`);
  const isAllStored = items.every(({ state }) => STORED.includes(state) || state === 'DUPLICATED');
  if (operation.state !== 'CANCELLED')
    must((operation.state === 'DONE') === isAllStored, `it ended ${operation.state}, all stored: ${isAllStored}`);
  const silentMs = (operation.endedAt ?? 0) - Math.max(...brokers.map(({ outOfReachAt }) => outOfReachAt));
  must(!isUnverified(story) || silentMs < 1000, `it says that it was not compared, and the broker was there`);
  for (const name of new Set([...items.map(({ state }) => state), ...Object.keys(counts)])) {
    const listed = items.filter(({ state }) => state === name).length;
    must((counts[name] ?? 0) === listed, `${counts[name] ?? 0} counted as ${name}, ${listed} listed`);
  }
  for (const item of items) must(truthOf(story, item) === null, `item ${item.n}: ${truthOf(story, item)}`);
  for (const { n, state } of items) {
    const isException = exceptions.some((each) => each.n === n);
    const mustBe = state === 'DUPLICATED' || NOT_STORED.includes(state);
    must(isException || !mustBe, `item ${n} is ${state} and not listed among the exceptions`);
  }
  const strays = brokers.flatMap(({ copies }) => copies).filter(({ n }) => !items.some((item) => item.n === n));
  must(strays.length === 0, `${strays.length} copies are of no item`);
  return wrong;
}

/** Null: what is said of this item is true. */
function truthOf(story: Story, { n, state, evidence }: JobItem): string | null {
  const copies = story.brokers.flatMap((broker) =>
    broker.copies.filter((copy) => copy.n === n).map((copy) => ({ ...copy, broker })),
  );
  const isDiverted = story.brokers.some(({ diverted }) => diverted.has(n));
  const ids = copies.map(({ message }) => message.offsetMessageId);
  if (!TERMINAL.includes(state)) return `${state} is no end`;
  const isStored = STORED.includes(state);
  // Only the final scan finds every diverted copy.
  if (isUnverified(story) && isStored && isDiverted) return null;
  if (isStored && copies.length === 0) return `${state} and lost`;
  // A copy that came late, after another one was diverted, is the second one that is named.
  const proof = [evidence.offsetMsgId, ...(isDiverted ? [evidence.otherOffsetMsgId] : [])].map(String);
  if (isStored && !proof.some((id) => ids.includes(id))) return `${state} by a copy that is not there`;
  if (state === 'DUPLICATED') {
    const named = [evidence.offsetMsgId, evidence.otherOffsetMsgId].map(String);
    if (copies.length < 2) return 'DUPLICATED with one copy';
    if (named[0] === named[1] || !named.every((id) => ids.includes(id))) return 'DUPLICATED without both ids';
  }
  if (state === 'EXPIRED' && !isGone(story, String(evidence.source))) return 'EXPIRED and still there';
  // As the job says: what was open stays a question, and what comes later is not seen.
  if (isUnverified(story)) return null;
  if (evidence.reason === 'cancelled_unresolved') return 'left unresolved although the broker was there';
  const seen = copies.filter(isToBeSeen);
  if (seen.length > 1 && state !== 'DUPLICATED') return `${state} with ${seen.length} copies`;
  if (seen.length === 1 && NOT_STORED.includes(state)) return `${state} (${evidence.reason}) and yet stored`;
  return null;
}

/** Cancelled while the broker could not be reached. */
const isUnverified = ({ operation }: Story): boolean => (operation.errorJson ?? '').includes('cancelled_unverified');

/** It was there at the last look at its queue, or came before that look had a right to be. */
function isToBeSeen({ broker, at, message }: Copy & { broker: UnreliableBroker }): boolean {
  const lane = `${message.topic} ${message.queueId}`;
  const end = broker.lastLook.get(lane)?.end ?? 0;
  const lastLeft = Math.max(0, ...broker.frames.map(({ leftAt }) => leftAt));
  return message.queueOffset < end || at <= lastLeft + REDRIVE_TIMES.settleMs;
}

function isGone({ brokers }: Story, source: string): boolean {
  const [name, physicalOffset] = source.split(':');
  const broker = brokers.find(({ fake }) => fake.name === name);
  const letter = broker?.fake.all().find((message) => String(message.physicalOffset) === physicalOffset);
  return !letter || broker?.hasExpired(letter) === true;
}
