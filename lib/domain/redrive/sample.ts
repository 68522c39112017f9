import type { Aim } from './destination';
import { redriveProperties } from './properties';
import { type Letter, letterId } from './selection';

/** The properties that a copy would have. */
export function sampleOf(letter: Letter, { destination, originTopic }: Aim, group: string) {
  // The operation has no id yet; 26 characters stand for it.
  const marker = { operationId: '0'.repeat(26), n: 999, k: 99, source: letterId(letter) };
  return redriveProperties(letter.record.properties, { destination, group, originTopic, marker });
}
