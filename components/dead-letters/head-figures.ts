import type { FailuresReply, LetterState, LettersReply } from '@/lib/contract/dead-letters';

/**
 * What the head says of a ledger, with its figures taken from the answer that the causes below it come from: of two answers one
 * could know a letter more. The list's own until there are causes.
 */
export function headFigures(reply: LettersReply, causes: FailuresReply | undefined): LettersReply {
  if (!causes) return reply;
  const states: Partial<Record<LetterState, number>> = {};
  for (const item of causes.items)
    for (const [state, count] of Object.entries(item.states) as [LetterState, number][])
      states[state] = (states[state] ?? 0) + count;
  const { handled = 0, redriven: stored = 0, consumed = 0 } = states;
  const redriven = stored + consumed;
  const total = causes.ledger.of;
  return {
    ...reply,
    total,
    states,
    ledger: causes.ledger,
    counts: { open: Math.max(0, total - handled - redriven), handled, redriven },
  };
}
