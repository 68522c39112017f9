import { crc32 } from 'node:zlib';
import { DomainError } from '../errors';

export interface QueuePlace {
  broker: string;
  queueId: number;
}

/**
 * Where a newest-first walk stands: per queue the offset below which it goes on. Letters that arrive meanwhile lie
 * above and move nothing. Queues are told by a hash, so that many brokers fit into one address.
 */
export type Bounds = ReadonlyMap<string, number>;

export const placeKey = ({ broker, queueId }: QueuePlace): string => (crc32(`${broker} ${queueId}`) >>> 0).toString(36);

export function encodeCursor(bounds: Bounds): string {
  return [...bounds].map(([key, below]) => `${key}.${below.toString(36)}`).join('-');
}

/** Throws `DomainError` INVALID for text that is no cursor. */
export function decodeCursor(cursor: string): Bounds {
  const bounds = new Map<string, number>();
  for (const part of cursor.split('-')) {
    const [, key, below] = /^([0-9a-z]{1,7})\.([0-9a-z]{1,11})$/.exec(part) ?? [];
    const offset = Number.parseInt(below ?? '', 36);
    if (key === undefined || !Number.isSafeInteger(offset)) throw new DomainError('INVALID', 'invalid_cursor');
    bounds.set(key, offset);
  }
  return bounds;
}
