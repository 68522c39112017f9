import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { LetterState } from '@/lib/store/letters-schema';

export interface ArchivedLetter {
  broker: string;
  record: StoredMessage;
  /** Ledger word; missing where nobody looked it up. */
  state?: LetterState | null;
  /** Parts that are hidden; missing: none. */
  masked?: readonly string[];
}

/** Where a letter stands, as an archive tells it. */
export type ArchivedPlace = Pick<StoredMessage, 'queueId' | 'queueOffset' | 'physicalOffset'> & { broker: string };

/** How letters become a file, and how their places are read from it again. */
export interface ArchiveFormat {
  ending: string;
  isCompressed: boolean;
  /** What the file begins with. */
  head: string;
  /** With its line end. */
  lineOf(letter: ArchivedLetter): string;
  /** Throws when the text is none of this format, or ends too early. */
  places(text: AsyncIterable<string>): AsyncIterable<ArchivedPlace>;
}
