import type { FailureRow } from '@/lib/contract/dead-letters';
import type { Siblings } from '@/lib/contract/run-once';
import type { Ctx } from '../ctx';
import { isOpen } from '../dead-letters/ledger-words';
import { listFailures } from '../dead-letters/list-failures';
import { listLetters } from '../dead-letters/list-messages';
import type { RunOnceInput } from './input';
import { ledgerLetter } from './ledger-letter';

const NAMED = 10;
const READ_MS = 5000;

/** Which open letters of the group likely fail as this one just did, as far as its ledger has been read; null when it cannot be. */
export async function findSiblings(
  ctx: Ctx,
  { group, letter }: RunOnceInput,
  remark: string | null,
): Promise<Siblings | null> {
  try {
    const limited = { ...ctx, deadlineAt: ctx.now() + READ_MS };
    const own = await ledgerLetter(limited, group, letter);
    const { items } = await listFailures(limited, { group });
    const alike = alikeOf(items, own?.failureId, remark);
    const open = items.reduce((sum, failure) => sum + failure.open, 0);
    // The letter itself is none of its siblings, whether it is open or handled.
    const self = own && isOpen(own.state) ? 1 : 0;
    if (!alike) return { basis: 'origin', shared: '', among: open - self, count: 0, letters: [] };
    const { failure, basis } = alike;
    const page = await listLetters(limited, { group, state: 'open', failure: failure.id, limit: NAMED + 1 });
    return {
      basis,
      shared: sharedBy(failure, basis, remark),
      among: open - self,
      count: failure.open - (failure.id === own?.failureId ? self : 0),
      letters: page.items
        .filter(({ id }) => id !== letter.id)
        .slice(0, NAMED)
        .map(({ id, keys, uniqKey }) => ({ id, name: keys[0] ?? uniqKey ?? id })),
    };
  } catch (error) {
    ctx.log.warn({ group, err: error }, 'siblings of a letter could not be read');
    return null;
  }
}

/** The best evidence there is: its own error property, one that names what was thrown, else what it looks like. */
export function alikeOf(
  failures: readonly FailureRow[],
  ownId: number | undefined,
  remark: string | null,
): { failure: FailureRow; basis: Siblings['basis'] } | null {
  const own = failures.find(({ id }) => id === ownId);
  if (own?.kind === 'property') return { failure: own, basis: 'cause' };
  const thrown = exceptionIn(remark);
  const named = thrown && failures.find(({ kind, text }) => kind === 'property' && text?.includes(thrown));
  if (named) return { failure: named, basis: 'remark' };
  return own ? { failure: own, basis: 'origin' } : null;
}

function sharedBy({ property, text, shape }: FailureRow, basis: Siblings['basis'], remark: string | null): string {
  if (basis === 'cause') return `${property}: ${text}`;
  if (basis === 'remark') return exceptionIn(remark) ?? '';
  return [shape?.topic, shape?.tag].filter(Boolean).join(' ');
}

/** `java.lang.IllegalStateException: no stock, shop.Stock.take(Stock.java:41)` names an `IllegalStateException`. */
function exceptionIn(remark: string | null): string | null {
  const [, name] = /^\s*(?:[\w$]+[./])*([\w$]+(?:Exception|Error|Failure))\b/.exec(remark ?? '') ?? [];
  return name ?? null;
}
