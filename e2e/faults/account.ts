import type { JobDetail, JobItem } from '@/lib/contract/jobs';
import type { RecordedFrame } from '../proxy/frame';
import type { OracleMessage } from '../sandbox/oracle';

const SEND = 310;
const LOOKS = new Set([11, 30, 361]);
const SETTLE_MS = 10_000;
const STORED = ['CONFIRMED', 'CONSUMED', 'STORED_UNCERTAIN', 'FAILED_AGAIN', 'DEAD_AGAIN'];
/** States in which the report says itself that a copy is not, or may not be, there. */
const SAID = ['REJECTED', 'NEEDS_DECISION', 'EXPIRED', 'SKIPPED', 'SKIPPED_BY_CANCEL', 'ALREADY_REDRIVEN'];

/** What the Java client, the wire and the report say about one redrive. */
export interface Evidence {
  job: Pick<JobDetail, 'id' | 'state' | 'total' | 'outcomes'>;
  items: readonly Pick<JobItem, 'n' | 'state' | 'attempts' | 'evidence'>[];
  /** The dead letters of the group. */
  letters: readonly OracleMessage[];
  /** Everything in the topic that it was sent to. */
  target: readonly OracleMessage[];
  /** Everything that the console has sent, of all its processes. */
  frames: readonly RecordedFrame[];
  /** Numbers of letters whose send the proxy itself refused: they may go again without a look. */
  refused?: ReadonlySet<string>;
}

export interface Account {
  letters: number;
  frames: number;
  copies: number;
  lost: number;
  listed: number;
  unlisted: number;
  /** Every breach of G1 to G4, in words. */
  problems: string[];
}

/** Compares by the markers RDX_OP, RDX_N and RDX_K what is stored with what is reported (safety §5.3). */
export function account({ job, items, letters, target, frames, refused = new Set() }: Evidence): Account {
  const problems: string[] = [];
  const copies = target.filter(({ properties, reconsumeTimes }) => isOf(job.id, properties) && reconsumeTimes === 0);
  const sends = sendsOf(frames, job.id);

  // G1: one terminal state each, with evidence; the sum is the selection.
  const sources = new Map(letters.map((letter) => [sourceOf(letter), letter]));
  const counted = Object.values(job.outcomes).reduce((sum, count) => sum + count, 0);
  if (counted !== job.total || job.total !== letters.length)
    problems.push(`G1: ${letters.length} letters, total ${job.total}, counted ${counted}`);
  const reported = new Set(items.map(({ evidence }) => evidence.source));
  if (items.length !== letters.length || reported.size !== letters.length)
    problems.push(`G1: ${items.length} items of ${reported.size} sources for ${letters.length} letters`);
  for (const { n, state, evidence } of items) {
    if (!STORED.includes(state) && !SAID.includes(state) && state !== 'DUPLICATED')
      problems.push(`G1: item ${n} ended as ${state}`);
    if (STORED.includes(state) && evidence.offsetMsgId === null) problems.push(`G1: item ${n} ${state} without an id`);
  }

  let lost = 0;
  let listed = 0;
  let unlisted = 0;
  for (const { n, state, evidence } of items) {
    const mine = copies.filter(({ properties }) => properties.RDX_N === String(n));
    if (mine.length === 0 && !SAID.includes(state)) lost++;
    if (mine.length === 1 && SAID.includes(state) && state !== 'NEEDS_DECISION')
      problems.push(`G1: item ${n} is ${state} but has a copy`);
    // G2: whatever is there twice is listed with both ids.
    const ids = new Set([evidence.offsetMsgId, evidence.otherOffsetMsgId]);
    if (mine.length > 1) {
      const isListed = state === 'DUPLICATED' && mine.every(({ offsetMsgId }) => ids.has(offsetMsgId));
      if (isListed) listed += mine.length - 1;
      else unlisted += mine.length - 1;
    } else if (state === 'DUPLICATED') problems.push(`G2: item ${n} is DUPLICATED with ${mine.length} copies`);
    // G4: a copy says whose it is, and is the letter's.
    for (const copy of mine) problems.push(...identity(copy, sources.get(String(evidence.source)), evidence, sends));
  }
  if (lost > 0) problems.push(`G1: ${lost} lost`);
  if (unlisted > 0) problems.push(`G2: ${unlisted} duplicates that the report does not list`);
  const numbers = new Set(items.map(({ n }) => String(n)));
  for (const { properties } of copies)
    if (!numbers.has(properties.RDX_N ?? ''))
      problems.push(`G4: a copy of item ${properties.RDX_N}, which there is not`);
  const strangers = target.filter(
    ({ properties, reconsumeTimes }) => reconsumeTimes === 0 && !isOf(job.id, properties),
  );
  if (strangers.length > 0) problems.push(`G4: ${strangers.length} records in the target that no marker explains`);

  problems.push(...resentUnseen(sends, frames, refused));
  return { letters: letters.length, frames: sends.length, copies: copies.length, lost, listed, unlisted, problems };
}

const isOf = (jobId: string, properties: Record<string, string>): boolean => properties.RDX_OP === jobId;

/** `broker:physical offset`, the second from the id of the record. */
export const sourceOf = ({ broker, offsetMsgId }: OracleMessage): string =>
  `${broker}:${BigInt(`0x${offsetMsgId.slice(-16)}`)}`;

function identity(
  { properties, keys, bodyBase64 }: OracleMessage,
  letter: OracleMessage | undefined,
  evidence: JobItem['evidence'],
  sends: readonly Send[],
): string[] {
  const { RDX_N: n, RDX_K: k, RDX_SRC: source } = properties;
  const problems = [];
  if (source !== evidence.source)
    problems.push(`G4: copy ${n}/${k} says source ${source}, the report ${evidence.source}`);
  if (keys !== letter?.keys || bodyBase64 !== letter?.bodyBase64) problems.push(`G4: copy ${n}/${k} is not its letter`);
  if (!sends.some((send) => send.n === n && send.k === k)) problems.push(`G4: copy ${n}/${k} was never on the wire`);
  return problems;
}

interface Send {
  at: number;
  n: string;
  k: string;
  topic: string;
}

/** The sends of a job by their markers. */
export function sendsOf(frames: readonly RecordedFrame[], jobId: string): Send[] {
  return frames
    .filter(({ direction, code }) => direction === 'request' && code === SEND)
    .map(({ at, fields }) => ({ at, fields, properties: propertiesOf(fields.i ?? '') }))
    .filter(({ properties }) => isOf(jobId, properties))
    .map(({ at, fields, properties }) => ({
      at,
      n: properties.RDX_N ?? '',
      k: properties.RDX_K ?? '',
      topic: fields.b ?? '',
    }));
}

/** Properties as they travel in a frame. */
export const propertiesOf = (text: string): Record<string, string> =>
  Object.fromEntries(text.split('\u0002').map((pair) => pair.split('\u0001', 2)));

/** G2: a second send of an item without a look at its target in between, or before everything could have arrived. */
function resentUnseen(
  sends: readonly Send[],
  frames: readonly RecordedFrame[],
  refused: ReadonlySet<string>,
): string[] {
  const looks = frames.filter(({ direction, code }) => direction === 'request' && LOOKS.has(code));
  return sends.flatMap((send) => {
    const before = sends.findLast(({ n, at, k }) => n === send.n && at <= send.at && Number(k) < Number(send.k));
    if (!before || refused.has(`${before.n}/${before.k}`)) return [];
    const isSeen = looks.some(({ at, fields }) => at >= before.at && at <= send.at && fields.topic === send.topic);
    if (!isSeen) return [`G2: item ${send.n} was sent again (k=${send.k}) without a look at its target`];
    const after = send.at - before.at;
    return after < SETTLE_MS ? [`G2: item ${send.n} was sent again after ${after} ms`] : [];
  });
}

/** G3: what was on the wire when the process died, and is not in the journal of the one after it. */
export function forgotten(
  sends: readonly Send[],
  items: readonly Pick<JobItem, 'n' | 'state' | 'attempts'>[],
): string[] {
  const known = new Map(items.map((item) => [String(item.n), item]));
  return sends.flatMap(({ n, k }) => {
    const item = known.get(n);
    const isKnown = item !== undefined && item.attempts >= Number(k) && item.state !== 'SELECTED';
    return isKnown ? [] : [`G3: item ${n}, sent with k=${k}, is ${item?.state} with ${item?.attempts} attempts`];
  });
}
