import type { Aim } from './destination';
import { redriveProperties } from './properties';
import { type Letter, letterId } from './selection';

/** The properties that a copy would have. */
export function sampleOf(letter: Letter, { destination, originTopic }: Aim, group: string, newIds: boolean) {
  // The operation has no id yet, and no item either: as many characters stand for them.
  const marker = { operationId: '0'.repeat(26), n: 999, k: 99, source: letterId(letter) };
  const newUniqKey = newIds ? '0'.repeat(32) : undefined;
  return redriveProperties(letter.record.properties, { destination, group, originTopic, marker, newUniqKey });
}
