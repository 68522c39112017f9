import type { z } from 'zod';
import type { failureNoteInput, failureNoteReply } from '@/lib/contract/dead-letters';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { requireGroupOrLetters } from '../groups/find';
import { auditEntry } from '../mutation-audit';
import { propertyOf } from './failure-of';

const NOTE = { name: 'dead-letters.note' };

/**
 * What somebody knows about a failure, for whoever looks next; it replaces the note there was, and nothing takes it away.
 * Kept by this console only, with who and when, and recorded in the audit trail in the same commit.
 */
export async function noteFailure(
  ctx: Ctx,
  { group, failure, text }: z.output<typeof failureNoteInput>,
): Promise<z.input<typeof failureNoteReply>> {
  await requireGroupOrLetters(ctx, group);
  const groupId = await ctx.store.letters.groupId(ctx.cluster, group);
  const known = (await ctx.store.letters.failures(groupId)).find(({ id }) => id === failure);
  if (!known) throw new DomainError('NOT_FOUND', 'unknown_failure', { group, failure });
  const { id, kind, key } = known;
  // The key of a failure holds the text of its cause.
  const property = kind === 'property' ? propertyOf(key) : null;
  const note = { cluster: ctx.cluster, group, kind, key, text, writtenBy: ctx.actor.name, writtenAt: ctx.now() };
  await ctx.store.transaction(async (tables) => {
    await tables.failureNotes.put(note);
    const entry = { phase: 'result', outcome: 'success', params: { failure: { id, kind, property }, text } } as const;
    await tables.audit.append(auditEntry(ctx, NOTE, { type: 'group', name: group }, entry));
  });
  return { failure, note: text === '' ? null : { text, by: note.writtenBy, at: note.writtenAt } };
}
