import type { Columns } from './batch';
import type { LetterFailureTable, LetterTable, LetterTallyTable } from './letters-schema';

export type NewFailure = Pick<LetterFailureTable, 'kind' | 'key' | 'label'>;

/** A letter as it was read; its failure is told by kind, key and label. */
export interface NewLetter
  extends Omit<
    LetterTable,
    'id' | 'groupId' | 'broker' | 'queueId' | 'failureId' | 'state' | 'jobId' | 'handledBy' | 'goneAt'
  > {
  failure: NewFailure;
}

const NUMBERS = [
  'queueOffset',
  'phyOffset',
  'bornAt',
  'storedAt',
  'reconsumeTimes',
  'attempts',
  'bodyBytes',
  'failureId',
] as const satisfies readonly (keyof LetterTable)[];
const TEXTS = [
  'uniqKey',
  'keys',
  'tag',
  'originTopic',
  'causeProperty',
  'causeText',
] as const satisfies readonly (keyof LetterTable)[];
export const LETTER_COLUMNS = [...NUMBERS, ...TEXTS] as const;
export const COPY_COLUMNS = ['rdxOp', 'rdxN', 'jobId'] as const satisfies readonly (keyof LetterTable)[];

interface Copy {
  rdxOp: string;
  rdxN: number | null;
}

type Numbers = Record<(typeof NUMBERS)[number], Float64Array>;
type Texts = Record<(typeof TEXTS)[number], (string | null)[]>;
const ofEach = <Name extends string, Value>(names: readonly Name[], make: () => Value) =>
  Object.fromEntries(names.map((name) => [name, make()])) as Record<Name, Value>;

/** Letters of one stretch of a queue by column, in the order of their offsets: as so many objects they would outlive their garbage collection. */
export class NewLetters {
  readonly failures: NewFailure[] = [];
  #numbers: Numbers;
  #texts: Texts;
  /** By index. */
  #copies = new Map<number, Copy>();
  #failureNumbers = new Map<string, number>();
  #isThere: Uint8Array;
  #count = 0;

  constructor(readonly size: number) {
    this.#numbers = ofEach(NUMBERS, () => new Float64Array(size));
    this.#texts = ofEach(TEXTS, () => new Array<string | null>(size).fill(null));
    this.#isThere = new Uint8Array(size);
  }

  get count(): number {
    return this.#count;
  }

  put(index: number, letter: NewLetter): void {
    if (this.#isThere[index] === 0) this.#count += 1;
    this.#isThere[index] = 1;
    const numbers = this.#numbers;
    numbers.queueOffset[index] = letter.queueOffset;
    numbers.phyOffset[index] = letter.phyOffset;
    numbers.bornAt[index] = letter.bornAt;
    numbers.storedAt[index] = letter.storedAt;
    numbers.reconsumeTimes[index] = letter.reconsumeTimes;
    numbers.attempts[index] = letter.attempts;
    numbers.bodyBytes[index] = letter.bodyBytes;
    numbers.failureId[index] = this.#numberOf(letter.failure);
    const texts = this.#texts;
    texts.uniqKey[index] = letter.uniqKey;
    texts.keys[index] = letter.keys;
    texts.tag[index] = letter.tag;
    texts.originTopic[index] = letter.originTopic;
    texts.causeProperty[index] = letter.causeProperty;
    texts.causeText[index] = letter.causeText;
    if (letter.rdxOp !== null) this.#copies.set(index, { rdxOp: letter.rdxOp, rdxN: letter.rdxN });
  }

  /** How many there are of each kind that `letterTally` tells apart. */
  tally(): Omit<LetterTallyTable, 'groupId' | 'broker'>[] {
    const sums = new Map<string, Omit<LetterTallyTable, 'groupId' | 'broker'>>();
    for (let index = 0; index < this.size; index++) {
      if (this.#isThere[index] === 0) continue;
      const bytes = this.#numbers.bodyBytes[index] ?? 0;
      const [originTopic, isEmpty] = [this.#texts.originTopic[index] ?? '', bytes === 0 ? 1 : 0];
      const key = `${isEmpty} ${originTopic}`;
      const sum = sums.get(key) ?? { originTopic, isEmpty, count: 0, bytes: 0 };
      sum.count += 1;
      sum.bytes += bytes;
      sums.set(key, sum);
    }
    return [...sums.values()];
  }

  /** Of the first letter and of the last; null when there is none. */
  edges(column: 'phyOffset' | 'storedAt'): { first: number; last: number } | null {
    const values = this.#numbers[column];
    const [first, last] = [values[this.#isThere.indexOf(1)], values[this.#isThere.lastIndexOf(1)]];
    return first === undefined || last === undefined ? null : { first, last };
  }

  /** Values in the order of `LETTER_COLUMNS`, of copies those of `COPY_COLUMNS` behind; ids in the order of `failures`. */
  byColumn(failureIds: readonly number[]): { others: Columns; copies: Columns } {
    const ids = this.#numbers.failureId.map((failure) => failureIds[failure] ?? 0);
    const columns = [
      ...NUMBERS.map((name) => (name === 'failureId' ? ids : this.#numbers[name])),
      ...Object.values(this.#texts),
    ];
    const copies = [...this.#copies];
    const copied = pick(
      columns,
      copies.map(([index]) => index),
    );
    const [rdxOp, rdxN] = [copies.map(([, copy]) => copy.rdxOp), copies.map(([, copy]) => copy.rdxN)];
    const isAll = this.#count === this.size && copies.length === 0;
    return { others: isAll ? columns : pick(columns, this.#others()), copies: [...copied, rdxOp, rdxN, rdxOp] };
  }

  #others(): number[] {
    const indexes = Array.from({ length: this.size }, (_, index) => index);
    return indexes.filter((index) => this.#isThere[index] === 1 && !this.#copies.has(index));
  }

  #numberOf(failure: NewFailure): number {
    const key = `${failure.kind} ${failure.key}`;
    const known = this.#failureNumbers.get(key);
    if (known !== undefined) return known;
    this.#failureNumbers.set(key, this.failures.length);
    return this.failures.push(failure) - 1;
  }
}

const pick = (columns: Columns, indexes: readonly number[]): Columns =>
  columns.map((column) => indexes.map((index) => column[index] ?? null));
