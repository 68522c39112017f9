import type { LetterPlace } from '@/lib/store/letters-find';
import { DomainError } from '../errors';

/** Where a newest-first list stands: behind this letter. */
export const encodeCursor = ({ storedAt, id }: LetterPlace): string => `${storedAt.toString(36)}.${id.toString(36)}`;

/** Throws `DomainError` INVALID for text that is no cursor. */
export function decodeCursor(cursor: string): LetterPlace {
  const [, time, number] = /^([0-9a-z]{1,11})\.([0-9a-z]{1,11})$/.exec(cursor) ?? [];
  const place = { storedAt: Number.parseInt(time ?? '', 36), id: Number.parseInt(number ?? '', 36) };
  if (!Number.isSafeInteger(place.storedAt) || !Number.isSafeInteger(place.id))
    throw new DomainError('INVALID', 'invalid_cursor');
  return place;
}
