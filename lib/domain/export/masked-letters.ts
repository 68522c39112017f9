import { maskRecord } from '../masking/apply';
import { maskedBy } from '../masking/mask';
import type { MaskRule } from '../masking/rule';
import { originTopicOf } from '../messages/origin-topic';
import type { ArchivedLetter } from './archive-format';

/** The same letters without what the rules hide. */
export async function* maskedLetters(
  letters: AsyncIterable<ArchivedLetter>,
  rules: readonly MaskRule[],
  group: string,
): AsyncGenerator<ArchivedLetter> {
  const maskOf = maskedBy(rules);
  for await (const letter of letters) {
    const mask = maskOf(originTopicOf(letter.record, group));
    if (!mask) yield letter;
    else {
      const { record, parts } = maskRecord(letter.record, mask);
      yield { ...letter, record, masked: parts };
    }
  }
}
