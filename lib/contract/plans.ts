import { z } from 'zod';
import { letterFilter } from './dead-letters';
import { recordId } from './messages';
import {
  brokerName,
  clientId,
  epochMs,
  failure,
  figure,
  groupName,
  integer,
  timeInput,
  topicName,
  unknownReasons,
} from './primitives';
import { CANARY_WAIT_MS, EXPORT_FORMATS } from './words';

const cluster = z.string().min(1).max(255).optional();

/** Something to know before saying yes: message key under `warnings.` with parameters. */
export const warning = z.object({
  key: z.string(),
  severity: z.enum(['note', 'warning', 'critical']),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Warning = z.infer<typeof warning>;

/** Every plan: what confirms it, until when, and what to know. Nothing on the cluster has changed. */
const planBase = {
  token: z.string(),
  expiresAt: epochMs,
  /** What has to be typed, or null when a click is enough. */
  confirm: z.string().nullable(),
  warnings: z.array(warning),
  /** Why the plan cannot be carried out, or null; then `token` is refused. */
  refused: z.object({ key: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
  cluster: z.string(),
  asOf: epochMs,
  failures: z.array(failure),
};

export const resetTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('timestamp'), at: timeInput }),
  z.object({ kind: z.literal('earliest') }),
  z.object({ kind: z.literal('latest') }),
  z.object({
    kind: z.literal('offsets'),
    queues: z
      .array(z.object({ broker: brokerName, queueId: z.int().min(0), offset: z.int().min(0) }))
      .min(1, 'queues_empty')
      .max(10_000),
  }),
  z.object({ kind: z.literal('undo'), jobId: z.string().min(1).max(64) }),
]);
export const resetPlanInput = z.object({ cluster, group: groupName, topic: topicName.optional(), to: resetTarget });
export type ResetPlanInput = z.infer<typeof resetPlanInput>;
export const resetPlanQueue = z.object({
  broker: z.string(),
  queueId: integer,
  minOffset: integer,
  maxOffset: integer,
  /** null = no stored offset. */
  committedOffset: figure,
  targetOffset: integer,
  replay: integer,
  skip: integer,
  /** Store times of the message at the present and at the new offset; null when there is none. */
  committedStoredAt: epochMs.nullable(),
  targetStoredAt: epochMs.nullable(),
  clientId: z.string().nullable(),
  /** `server` = explicit offsets by request 222, `offset` = request 15 for an offline group. */
  path: z.enum(['server', 'offset']).nullable(),
  warnings: z.array(warning),
});
export const resetPlan = z.object({
  ...planBase,
  kind: z.literal('reset'),
  group: z.string(),
  topic: z.string(),
  to: z.object({ kind: z.string(), at: epochMs.nullable(), jobId: z.string().nullable() }),
  queues: z.array(resetPlanQueue),
  totals: z.object({ replay: integer, skip: integer, unchanged: integer, unknown: integer }),
  members: figure,
  /** Committed offset may drift this far before the plan is stale, messages per queue. */
  driftTolerance: integer,
  unknown: unknownReasons,
});
export type ResetPlan = z.infer<typeof resetPlan>;

export const selection = z.union([
  z.object({
    ids: z.array(recordId).min(1, 'selection_empty').max(1000, 'selection_too_large'),
  }),
  z.object({ all: z.literal(true) }),
  z.object({ filter: letterFilter }),
]);
export type Selection = z.infer<typeof selection>;
export const redriveTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('group') }),
  z.object({ kind: z.literal('origin') }),
  /** An existing business topic; it is never created. */
  z.object({ kind: z.literal('topic'), topic: topicName }),
]);
export type RedriveTarget = z.infer<typeof redriveTarget>;
/** What one letter is sent as. Keys, tag and properties are those of the copy, all of them. */
export const letterEdit = z.object({
  /** UTF-8; left out: the bytes stay as they are. */
  body: z
    .string()
    .max(4 * 1024 * 1024)
    .optional(),
  /** Separated by blanks. */
  keys: z.string().max(4096),
  tag: z.string().max(255),
  /** The application's own; RocketMQ's cannot be edited. */
  properties: z.record(z.string().max(255), z.string().max(32_767)),
});
export type LetterEdit = z.infer<typeof letterEdit>;
export const redrivePlanInput = z.object({
  cluster,
  group: groupName,
  select: selection,
  target: redriveTarget,
  /** Messages per second, at most what the configuration allows (`maxRate`); 20 unless told otherwise. */
  rate: z.int().min(1).max(100_000).optional(),
  /** Sends 1, then 10, then the rest, and waits after each stage until every copy is consumed. */
  canary: z
    .object({ waitMs: z.int().min(CANARY_WAIT_MS.least).max(CANARY_WAIT_MS.most).default(CANARY_WAIT_MS.usual) })
    .nullish(),
  /** Pauses when more messages than this wait for the group, its retry topic included. */
  lagLimit: z.int().min(1).max(1_000_000_000).nullish(),
  /** Gives each copy an id of its own, for consumers that refuse ids they have seen; `RDX_ORIGIN_UNIQ_KEY` names the old one. */
  newIds: z.boolean().optional(),
  /** Of a selection of one. */
  edit: letterEdit.optional(),
});
export type RedrivePlanInput = z.infer<typeof redrivePlanInput>;
export const redrivePlan = z.object({
  ...planBase,
  kind: z.literal('redrive'),
  group: z.string(),
  target: z.enum(['group', 'origin', 'topic']),
  /**
   * Whether the group itself receives the copies, so that it can be told what it makes of them. Of those in another topic
   * that it does not read it is only known that they are stored. Missing in plans of older versions: true.
   */
  judged: z.boolean().nullish(),
  count: integer,
  bytes: integer,
  rate: integer,
  /** Whether each copy has an id of its own. Missing in plans of older versions: false. */
  newIds: z.boolean().nullish(),
  /** Of an edited letter: the id of the copy, that of the letter, and what differs (`body`, `KEYS`, `TAGS`, names of properties). */
  edit: z.object({ uniqKey: z.string(), originUniqKey: z.string().nullable(), changed: z.array(z.string()) }).nullish(),
  /** Ceiling of `rate` by the configuration. */
  maxRate: integer,
  canary: z.object({ stages: z.array(integer), waitMs: integer }).nullable(),
  /** Pauses when more copies than both failed again. */
  brake: z.object({ failedAtLeast: integer, failedPercent: integer, lagLimit: integer.nullable() }),
  /** By destination topic: how many go there. */
  destinations: z.array(z.object({ topic: z.string(), count: integer })),
  /** Every group that will receive the copies, with how many: all of them, never cut, as they are what is confirmed. */
  receivers: z.array(z.object({ group: z.string(), count: integer, online: z.boolean().nullable() })),
  /** Not sent, and why: message key under `skipped.`. One by one, or how many of one reason, without their ids. */
  skipped: z.array(
    z.object({ id: z.string(), reason: z.string(), jobId: z.string().nullable(), count: integer.optional() }),
  ),
  sample: z.array(
    z.object({
      id: z.string(),
      uniqKey: z.string().nullable(),
      keys: z.array(z.string()),
      topic: z.string(),
      dropped: z.array(z.string()),
      set: z.array(z.string()),
    }),
  ),
});
export type RedrivePlan = z.infer<typeof redrivePlan>;

export const purgePlanInput = z.object({ cluster, group: groupName });
export const purgePlan = z.object({
  ...planBase,
  kind: z.literal('purge'),
  group: z.string(),
  topic: z.string(),
  /** Σ (max − min) over the reachable masters. */
  count: integer,
  open: integer,
  perBroker: z.array(z.object({ broker: z.string(), minOffset: integer, maxOffset: integer, reachable: z.boolean() })),
  nameServers: z.array(z.string()),
  oldestAt: epochMs.nullable(),
  newestAt: epochMs.nullable(),
});
export type PurgePlan = z.infer<typeof purgePlan>;

export const handlePlanInput = z.object({ cluster, group: groupName, select: selection });
export const handlePlan = z.object({
  ...planBase,
  kind: z.enum(['handle', 'reopen']),
  group: z.string(),
  count: integer,
  skipped: z.array(z.object({ id: z.string(), reason: z.string() })),
  /** Letters of a filter that are left out, by reason; they are not named one by one. Missing in plans of older versions. */
  leftOut: z.array(z.object({ reason: z.string(), count: integer })).nullish(),
});
export type HandlePlan = z.infer<typeof handlePlan>;

export const exportPlanInput = handlePlanInput.extend({
  /** `jsonl`: all of each record, bytes exact, gzipped; `csv`: for spreadsheets. */
  format: z.enum(EXPORT_FORMATS).default('jsonl'),
});
export const exportPlan = z.object({
  ...planBase,
  kind: z.literal('export'),
  group: z.string(),
  count: integer,
  /** Missing in plans of older versions: `jsonl`. */
  format: z.enum(EXPORT_FORMATS).nullish(),
});
export type ExportPlan = z.infer<typeof exportPlan>;

export const runOncePlanInput = z.object({
  cluster,
  group: groupName,
  id: recordId,
  /** Left out: the plan lists who could, and takes the client if there is only one. */
  clientId: clientId.optional(),
});
export type RunOncePlanInput = z.infer<typeof runOncePlanInput>;
export const runOncePlan = z.object({
  ...planBase,
  kind: z.literal('run-once'),
  group: z.string(),
  id: z.string(),
  /** Null while none is chosen; then the plan is refused. */
  clientId: z.string().nullable(),
  clients: z.array(
    z.object({
      clientId: z.string(),
      address: z.string(),
      language: z.string(),
      version: z.string(),
      /** Null when the client did not say. */
      orderly: z.boolean().nullable(),
      /** Message key under `cannot.`. */
      cannot: z.enum(['pull', 'pop', 'not_on_broker']).nullable(),
    }),
  ),
  /** The original topic where the first record is still stored, else the dead-letter topic. */
  topicSeen: z.string(),
});
export type RunOncePlan = z.infer<typeof runOncePlan>;

export const anyPlan = z.discriminatedUnion('kind', [
  resetPlan,
  redrivePlan,
  purgePlan,
  handlePlan,
  exportPlan,
  runOncePlan,
]);
export type AnyPlan = z.infer<typeof anyPlan>;
