import type { LetterEdit, RedrivePlan, RedrivePlanInput } from '@/lib/contract/plans';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import type { PlanDraft } from '../jobs/job-spec';
import { hiddenFromEdit } from '../masking/hidden';
import { requireRecord } from '../messages/get';
import { earlierInJournal } from '../redrive/already';
import type { FrozenLetter, RedriveFrozen } from '../redrive/input';
import { refusalOfOpenSends } from '../redrive/open-sends';
import { planRedrive } from '../redrive/plan';
import { fitsIn } from '../redrive/properties';
import { copyOf } from './copy';
import { changedBy, type Editable, editableOf, isEditableName } from './letter';
import { newUniqKey } from './uniq-key';

type Draft = PlanDraft<RedrivePlan>;

/** The broker's own limit (`maxMessageSize`), unless its operator changed it. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * A redrive of one letter with another body, keys, tag or properties: always under a new unique key, which names the old one in
 * `RDX_ORIGIN_UNIQ_KEY`. A letter that a job has sent already, or may have, is
 * refused with that job. FORBIDDEN where something of it is hidden from the actor.
 */
export async function planEdit(
  ctx: Ctx,
  input: RedrivePlanInput & { edit: LetterEdit },
): Promise<{ plan: Draft; frozen: RedriveFrozen }> {
  const { edit, ...rest } = input;
  const [id, ...others] = 'ids' in rest.select ? rest.select.ids : [];
  if (id === undefined || others.length > 0) throw new DomainError('INVALID', 'edit_one_letter');
  const { plan, frozen } = await planRedrive(ctx, rest);
  const [letter] = frozen.letters;
  if (!letter) {
    return { plan: { ...plan, refused: refusalOfSkipped(plan) ?? plan.refused }, frozen };
  }
  const { record, mask } = await requireRecord(ctx, id);
  if (mask) throw hiddenFromEdit(mask);
  const before = editableOf(record);
  const problem = problemOf(edit, before);
  const changed = changedBy(edit, before);
  const frozenEdit = {
    uniqKey: newUniqKey(),
    body: edit.body !== undefined && edit.body !== before.body ? edit.body : null,
    keys: edit.keys,
    tag: edit.tag,
    properties: problem ? {} : edit.properties,
  };
  const copy = sampleOf(record, { ...letter, edit: frozenEdit }, rest.group, id);
  const refused =
    plan.refused ??
    (await refusalOfOpenSends(ctx, rest.group, letter)) ??
    problem ??
    (changed.length === 0 ? { key: 'edit_nothing', params: {} } : null) ??
    (fitsIn(copy.properties) ? null : { key: 'edit_properties_too_large', params: {} });
  return {
    plan: {
      ...plan,
      bytes: copy.body.length,
      sample: plan.sample.map((sample) => ({ ...sample, dropped: copy.dropped, set: copy.set })),
      warnings: [
        ...plan.warnings.filter(({ key }) => key !== 'consumed_again' && key !== 'same_id'),
        { key: 'edited_is_new', severity: 'note', params: { count: plan.count } },
      ],
      edit: { uniqKey: frozenEdit.uniqKey, originUniqKey: letter.uniqKey || null, changed },
      refused,
    },
    frozen: { letters: [{ ...letter, edit: frozenEdit }] },
  };
}

function refusalOfSkipped({ skipped }: Draft): Draft['refused'] {
  const [letter] = skipped;
  if (letter?.reason === 'older_copy') return { key: 'edit_older', params: {} };
  if (letter?.reason !== 'already_redriven' || letter.jobId === null) return null;
  return { key: 'already_edited', params: { job: letter.jobId } };
}

function sampleOf(record: StoredMessage, letter: FrozenLetter, group: string, source: string) {
  const { destination, originTopic } = letter;
  // The operation has no id yet; 26 characters stand for it.
  const marker = { operationId: '0'.repeat(26), n: 0, k: 99, source };
  return copyOf(record, letter.edit, { destination, group, originTopic, marker });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: RocketMQ separates properties by them
const CONTROL = /[\u0000-\u001f\u007f]/;

function problemOf({ body, keys, tag, properties }: LetterEdit, before: Editable): Draft['refused'] {
  const bytes = Buffer.byteLength(body ?? '');
  if (body !== undefined && before.body === null) return { key: 'edit_binary', params: {} };
  if (body === '') return { key: 'edit_empty', params: {} };
  if (bytes > MAX_BODY_BYTES) return { key: 'edit_body_too_large', params: { bytes, max: MAX_BODY_BYTES } };
  // A lone surrogate has no bytes of its own and would arrive as another character.
  if (body !== undefined && Buffer.from(body, 'utf8').toString('utf8') !== body)
    return { key: 'edit_characters', params: { name: 'body' } };
  if (CONTROL.test(keys)) return { key: 'edit_characters', params: { name: 'KEYS' } };
  if (CONTROL.test(tag) || /\s|\|\|/.test(tag)) return { key: 'edit_characters', params: { name: 'TAGS' } };
  for (const [name, value] of Object.entries(properties)) {
    if (before.properties[name] === value) continue;
    if (name.trim() === '' || CONTROL.test(name) || CONTROL.test(value))
      return { key: 'edit_characters', params: { name: name || '–' } };
    if (!isEditableName(name)) return { key: 'edit_reserved', params: { name } };
  }
  return null;
}

/** Stale when somebody else has sent the letter since the plan, or may have. */
export async function recheckEdit(ctx: Ctx, group: string, { letters }: RedriveFrozen): Promise<void> {
  if (!letters.some(({ edit }) => edit)) return;
  const earlier = await earlierInJournal(ctx.store, ctx.cluster, group, letters);
  for (const { jobId } of earlier.values())
    throw new DomainError('PLAN_STALE', 'already_edited', { job: jobId ?? '' }, { operation: { id: jobId } });
  for (const letter of letters) {
    const refused = await refusalOfOpenSends(ctx, group, letter);
    if (refused)
      throw new DomainError('PLAN_STALE', refused.key, refused.params, { operation: { id: refused.params.job } });
  }
}
