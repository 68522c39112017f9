import type { SendMessageInput } from '@/lib/rocketmq/requests/send-message-v2';
import type { Attempt } from '@/lib/store/attempts';
import type { ItemState } from '@/lib/store/schema';
import type { Journal, JournalFile } from './journal-file.fixture';
import { REDRIVE_TIMES } from './run-context';
import type { Frame, UnreliableBroker } from './unreliable-broker.fixture';
import type { VirtualClock } from './virtual-clock.fixture';

/** The state machine of an item (safety §5.5); a final scan may find a copy of what was thought not to be stored. */
const NEXT: Record<ItemState, readonly ItemState[]> = {
  SELECTED: ['INTENT', 'EXPIRED', 'SKIPPED', 'SKIPPED_BY_CANCEL'],
  INTENT: ['CONFIRMED', 'STORED_UNCERTAIN', 'REJECTED', 'UNKNOWN', 'NEEDS_DECISION'],
  UNKNOWN: ['CONFIRMED', 'REJECTED', 'NEEDS_DECISION', 'DUPLICATED'],
  REJECTED: ['INTENT', 'EXPIRED', 'SKIPPED', 'SKIPPED_BY_CANCEL', 'CONFIRMED', 'DUPLICATED'],
  CONFIRMED: ['DUPLICATED', 'NEEDS_DECISION', 'REJECTED'],
  STORED_UNCERTAIN: ['DUPLICATED', 'NEEDS_DECISION', 'REJECTED'],
  NEEDS_DECISION: ['CONFIRMED', 'DUPLICATED'],
  EXPIRED: ['CONFIRMED', 'DUPLICATED'],
  SKIPPED: ['CONFIRMED', 'DUPLICATED'],
  SKIPPED_BY_CANCEL: ['CONFIRMED', 'DUPLICATED'],
  ALREADY_REDRIVEN: [],
  DUPLICATED: [],
};
/** What an answer means (safety §5.2); any other code: nobody knows. */
const MEANS = new Map<number, ItemState>([
  [0, 'CONFIRMED'],
  [10, 'STORED_UNCERTAIN'],
  [12, 'STORED_UNCERTAIN'],
  ...[2, 13, 14, 16, 17, 215].map((code): [number, ItemState] => [code, 'REJECTED']),
]);
const STORED_CODES: readonly (number | null)[] = [0, 10, 11, 12];
/** Windows whose intents may still be written after a pause or a cancel was asked for: the one under way. */
const WINDOWS_AFTER = 1;

/** Looks at every commit and every frame of a job as they happen, and writes down what must not be. */
export class ModelWatch {
  readonly violations: string[] = [];
  /** For whoever has to understand a violation. */
  readonly story: string[] = [];
  #before: Journal = { items: new Map(), attempts: [] };
  #asked: string | null = null;
  #windowsAfter = 0;

  constructor(
    brokers: readonly UnreliableBroker[],
    private readonly file: JournalFile,
    clock: VirtualClock,
  ) {
    const began = clock.now();
    this.note = (line) => this.story.push(`${((clock.now() - began) / 1000).toFixed(3)} s ${line}`);
    file.onCommit = (journal) => this.#commit(journal);
    for (const broker of brokers) broker.onFrame = (frame, input) => this.#frame(broker, frame, input);
  }

  readonly note: (line: string) => void;

  isTrue(condition: boolean, otherwise: string): void {
    if (condition) return;
    this.violations.push(otherwise);
    this.note(`VIOLATION ${otherwise}`);
  }

  begin(run: number): void {
    this.note(`run ${run}`);
    this.#asked = null;
    this.#windowsAfter = 0;
  }
  /** Its end was asked for before this run: no window is under way. */
  beginsToEnd(): void {
    this.#asked = 'cancel';
    this.#windowsAfter = WINDOWS_AFTER;
  }
  ended(how: string): void {
    this.note(`run ended: ${how}`);
  }
  asked(what: string): void {
    if (this.#asked !== 'cancel') this.#asked = what;
  }

  #commit(journal: Journal): void {
    const before = this.#before;
    this.#before = journal;
    for (const { n, state, terminalReason } of journal.items.values()) {
      const was = before.items.get(n)?.state ?? 'SELECTED';
      if (was === state) continue;
      this.note(`item ${n}: ${was} -> ${state}${terminalReason ? ` (${terminalReason})` : ''}`);
      this.isTrue(NEXT[was].includes(state), `item ${n} went from ${was} to ${state}`);
      const { resultCode: code = null } = journal.attempts.findLast((attempt) => attempt.n === n) ?? {};
      const meant = code === null ? undefined : MEANS.get(code);
      this.isTrue(was !== 'INTENT' || code === null || state === (meant ?? 'UNKNOWN'), `code ${code} became ${state}`);
    }
    const isLonger = journal.attempts.length > before.attempts.length;
    if (!isLonger || this.#asked === null) return;
    this.#windowsAfter += 1;
    this.isTrue(this.#windowsAfter <= WINDOWS_AFTER, `new intents after ${this.#asked} was asked for`);
  }

  #frame(broker: UnreliableBroker, frame: Frame, { properties, body }: SendMessageInput): void {
    const { n, k, topic, queueId } = frame;
    const { name } = broker.fake;
    this.note(`frame ${n}/${k} to ${name} ${topic} ${queueId}`);
    const mine = this.file.journal.attempts.filter((attempt) => attempt.n === n);
    const intent = mine.find((attempt) => attempt.k === k);
    const isDurable =
      intent?.tgtBroker === name && intent.tgtTopic === topic && intent.tgtQueueId === queueId && isOpen(intent);
    this.isTrue(
      isDurable && this.file.journal.items.get(n)?.state === 'INTENT',
      `frame ${n}/${k} has no durable intent`,
    );
    // Every letter's body is its key.
    const isLetter = properties.UNIQ_KEY === intent?.uniqKey && body.toString() === intent?.uniqKey;
    this.isTrue(isLetter, `frame ${n}/${k} carries something else than its letter`);
    for (const earlier of mine) {
      const isStored = STORED_CODES.includes(earlier.resultCode) || earlier.offsetMsgId !== null;
      this.isTrue(!isStored, `${n}/${k} is sent although ${n}/${earlier.k} is stored for all the journal knows`);
    }
    const tried = broker.frames.filter((each) => each.n === n);
    // No copy can lie before what the queue held when its intent was written.
    const floorOf = (k: number) => mine.find((attempt) => attempt.k === k)?.floorOffset ?? 0;
    for (const earlier of tried) this.#mustHaveLooked(broker, frame, earlier, floorOf(earlier.k));
    const unanswered = tried.filter(({ isRefused }) => !isRefused).length;
    this.isTrue(unanswered < 3, `${n}/${k} is attempt ${unanswered + 1} of unknown outcome`);
  }

  /** Sent again only after the earlier frame was looked for, when it could no longer come, and not found. */
  #mustHaveLooked(broker: UnreliableBroker, { n, k }: Frame, earlier: Frame, floor: number): void {
    const what = `${n}/${k} is sent again`;
    this.isTrue(earlier.k !== k, `${what} under the same number`);
    this.isTrue(!earlier.isHeldBack, `${what} while ${n}/${earlier.k} has not even left`);
    if (earlier.isRefused) return;
    const lane = `${earlier.topic} ${earlier.queueId}`;
    const look = broker.lastLook.get(lane) ?? { at: 0, end: 0 };
    this.isTrue(look.at >= earlier.leftAt + REDRIVE_TIMES.settleMs, `${what} without a look after the settle time`);
    const caughtUp = broker.caughtUpAt >= earlier.leftAt + REDRIVE_TIMES.settleMs;
    this.isTrue(caughtUp, `${what} although the queue may lag behind what is stored`);
    const read = broker.read.get(lane);
    const unread = Array.from({ length: Math.max(0, look.end - floor) }, (_, i) => floor + i).filter(
      (offset) => !read?.has(offset),
    );
    this.isTrue(unread.length === 0, `${what} although offsets ${unread.join(', ')} of ${lane} were not looked at`);
    const found = broker.copies.find(
      ({ n: of, message }) =>
        of === n &&
        message.topic === earlier.topic &&
        message.queueId === earlier.queueId &&
        message.queueOffset < look.end,
    );
    this.isTrue(found === undefined, `${what} although the copy of ${n}/${found?.k} was there to be seen`);
  }
}

const isOpen = ({ sentAt, resolvedBy }: Attempt): boolean => sentAt === null && resolvedBy === null;
