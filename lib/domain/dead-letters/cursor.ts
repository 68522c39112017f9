import type { LetterPlace } from '@/lib/store/letters-find';
import { DomainError } from '../errors';

/** Where a newest-first list stands: behind this letter. */
export const encodeCursor = ({ storedAt, phyOffset, broker }: LetterPlace): string =>
  `${storedAt.toString(36)}.${phyOffset.toString(36)}.${broker}`;

/** Throws `DomainError` INVALID for text that is no cursor. */
export function decodeCursor(cursor: string): LetterPlace {
  const [, time, offset, broker = ''] = /^([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.(.+)$/s.exec(cursor) ?? [];
  const place = { storedAt: Number.parseInt(time ?? '', 36), phyOffset: Number.parseInt(offset ?? '', 36), broker };
  if (!Number.isSafeInteger(place.storedAt) || !Number.isSafeInteger(place.phyOffset))
    throw new DomainError('INVALID', 'invalid_cursor');
  return place;
}
