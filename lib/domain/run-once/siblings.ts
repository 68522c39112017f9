import type { LetterRow } from '@/lib/contract/dead-letters';
import type { Siblings } from '@/lib/contract/run-once';
import type { Ctx } from '../ctx';
import { listLetters } from '../dead-letters/list-messages';
import type { RunOnceInput } from './input';

const COMPARED = 200;
const NAMED = 10;
const READ_MS = 5000;

type Letter = Pick<LetterRow, 'id' | 'cause' | 'originTopic' | 'tag' | 'keys' | 'uniqKey'>;

/** Which of the newest open letters of the group likely fail as this one just did; null when they cannot be read. */
export async function findSiblings(
  ctx: Ctx,
  { group, letter }: RunOnceInput,
  remark: string | null,
): Promise<Siblings | null> {
  try {
    const limited = { ...ctx, deadlineAt: ctx.now() + READ_MS };
    const { items } = await listLetters(limited, { group, state: 'open', limit: COMPARED });
    return siblingsAmong(
      items.filter(({ id }) => id !== letter.id),
      letter,
      remark,
    );
  } catch (error) {
    ctx.log.warn({ group, err: error }, 'siblings of a letter could not be read');
    return null;
  }
}

/** By the best evidence there is: the same error property, a property that names what was thrown, else where they come from. */
export function siblingsAmong(
  letters: readonly Letter[],
  { cause, originTopic, tag }: Pick<Letter, 'cause' | 'originTopic' | 'tag'>,
  remark: string | null,
): Siblings {
  const thrown = exceptionIn(remark);
  const answer = (basis: Siblings['basis'], shared: string, alike: readonly Letter[]): Siblings => ({
    basis,
    shared,
    among: letters.length,
    count: alike.length,
    letters: alike.slice(0, NAMED).map(({ id, keys, uniqKey }) => ({ id, name: keys[0] ?? uniqKey ?? id })),
  });
  if (cause) {
    const isAlike = (other: Letter) => other.cause?.property === cause.property && other.cause.text === cause.text;
    return answer('cause', `${cause.property}: ${cause.text.slice(0, 200)}`, letters.filter(isAlike));
  }
  const named = thrown ? letters.filter((other) => other.cause?.text.includes(thrown)) : [];
  if (thrown && named.length > 0) return answer('remark', thrown, named);
  const isFromThere = (other: Letter) =>
    other.cause === null && other.originTopic === originTopic && other.tag === tag && originTopic !== null;
  return answer('origin', [originTopic, tag].filter(Boolean).join(' '), letters.filter(isFromThere));
}

/** `java.lang.IllegalStateException: no stock, shop.Stock.take(Stock.java:41)` names an `IllegalStateException`. */
function exceptionIn(remark: string | null): string | null {
  const [, name] = /^\s*(?:[\w$]+[./])*([\w$]+(?:Exception|Error|Failure))\b/.exec(remark ?? '') ?? [];
  return name ?? null;
}
