'use client';
import type { Selection } from '@/lib/contract/plans';

export type LetterAct = 'redrive' | 'handle' | 'reopen' | 'export' | 'purge';
export type OpenDialog = { act: LetterAct; selection: Selection; count: number };

type Props = {
  cluster: string;
  group: string;
  open: OpenDialog | null;
  onClose: () => void;
  onStarted: (act: LetterAct) => void;
};

/** The dialogs of the ledger; each is loaded when it is first asked for. */
export function LetterDialogs(_: Props) {
  return null;
}
