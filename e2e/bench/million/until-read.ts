import { setTimeout as delay } from 'node:timers/promises';
import type { LettersReply } from '@/lib/contract/dead-letters';
import { ask } from './ask';
import { GROUP, LETTERS } from './letter';
import type { Probed } from './probed';

const READ_MS = 600_000;

/** Waits until the ledger holds all letters: nothing can be chosen before. Its first page. */
export async function untilRead(running: Probed): Promise<LettersReply> {
  const startedAt = performance.now();
  for (;;) {
    // How it answers meanwhile is measured with the first page.
    const answer = await ask<LettersReply>(running, { group: GROUP }).catch(() => null);
    if (answer?.reply.ledger.read === LETTERS) return answer.reply;
    if (performance.now() - startedAt > READ_MS) throw new Error('The letters were not all read in time.');
    await delay(1000);
  }
}
