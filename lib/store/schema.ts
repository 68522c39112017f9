import type { Generated } from 'kysely';
import type { AccountTable, ApiTokenTable, SessionTable } from './accounts-schema';
import type { AuditFeedTable, AuditTable } from './audit-schema';
import type {
  HistoryGapTable,
  HistoryGroupTable,
  HistoryJumpTable,
  HistoryRollupTable,
  HistorySampleTable,
  HistoryTierTable,
  LagFrameTable,
  LagSweepTable,
} from './history-schema';
import type {
  FailureNoteTable,
  LetterFailureTable,
  LetterGroupTable,
  LetterSpanTable,
  LetterTable,
  LetterTallyTable,
  LetterTraceTable,
} from './letters-schema';

/** Times are epoch milliseconds, offsets safe integers, `…Json` columns JSON text. Null is "not known" or "not yet". */
export interface Schema {
  plan: PlanTable;
  operation: OperationTable;
  operationStep: OperationStepTable;
  item: ItemTable;
  attempt: AttemptTable;
  lane: LaneTable;
  selection: SelectionTable;
  resetQueue: ResetQueueTable;
  handled: HandledTable;
  handledWatermark: HandledWatermarkTable;
  audit: AuditTable;
  account: AccountTable;
  session: SessionTable;
  apiToken: ApiTokenTable;
  auditFeed: AuditFeedTable;
  lagSweep: LagSweepTable;
  lagFrame: LagFrameTable;
  historyGroup: HistoryGroupTable;
  historySample: HistorySampleTable;
  historyRollup: HistoryRollupTable;
  historyTier: HistoryTierTable;
  historyGap: HistoryGapTable;
  historyJump: HistoryJumpTable;
  letterGroup: LetterGroupTable;
  letterFailure: LetterFailureTable;
  failureNote: FailureNoteTable;
  letterTally: LetterTallyTable;
  letterSpan: LetterSpanTable;
  letter: LetterTable;
  letterTrace: LetterTraceTable;
}

export type OperationKind = 'redrive' | 'purge' | 'reset' | 'handle' | 'reopen' | 'export' | 'run-once';
export type ActiveOperationState = 'QUEUED' | 'RUNNING' | 'PAUSED' | 'VERIFYING';
export type EndedOperationState = 'DONE' | 'PARTIAL' | 'FAILED' | 'CANCELLED';
export type OperationState = ActiveOperationState | EndedOperationState;
export const ACTIVE_STATES: readonly ActiveOperationState[] = ['QUEUED', 'RUNNING', 'PAUSED', 'VERIFYING'];
export const isActive = (state: OperationState): state is ActiveOperationState =>
  (ACTIVE_STATES as readonly OperationState[]).includes(state);

/** What a plan answered, kept until it expires. */
export interface PlanTable {
  id: string;
  kind: OperationKind;
  cluster: string;
  group: string | null;
  actorId: string;
  bodyJson: string;
  hash: string;
  createdAt: number;
  expiresAt: number;
}

/** One write job. At most one active row per (cluster, group): that is the group lock. */
export interface OperationTable {
  id: string;
  /** Name of the mutation that runs it, e.g. `offsets.reset`. */
  mutation: string;
  kind: OperationKind;
  cluster: string;
  /** Null: the operation locks no group. */
  group: string | null;
  topic: string | null;
  targetMode: string | null;
  targetTopic: string | null;
  state: OperationState;
  inputJson: string;
  createdBy: string;
  createdByName: string;
  reason: string;
  idempotencyKey: string | null;
  requestHash: string;
  planId: string | null;
  previewHash: string | null;
  rate: number | null;
  /** How it has to go about its work and what it has learnt so far, kept across pauses and restarts. */
  policyJson: string | null;
  /** Fencing token: raised by every claim; a worker writes only under its own. */
  epoch: number;
  heartbeatAt: number | null;
  countsJson: string | null;
  resultJson: string | null;
  /** Key and parameters of what ended it, `{ key, params }`. */
  errorJson: string | null;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
}

export type StepState = 'PENDING' | 'INTENT' | 'DONE' | 'FAILED' | 'UNKNOWN' | 'SKIPPED';

/** One call of an operation that is not per message: a topic deleted on a broker, a NameServer told. */
export interface OperationStepTable {
  operationId: string;
  n: number;
  broker: string;
  action: string;
  state: StepState;
  detailJson: string | null;
  startedAt: number | null;
  endedAt: number | null;
}

export type ItemState =
  | 'SELECTED'
  | 'INTENT'
  | 'CONFIRMED'
  | 'STORED_UNCERTAIN'
  | 'REJECTED'
  | 'UNKNOWN'
  | 'NEEDS_DECISION'
  | 'EXPIRED'
  | 'SKIPPED'
  | 'SKIPPED_BY_CANCEL'
  | 'ALREADY_REDRIVEN'
  | 'DUPLICATED';

/** A copy lies in the target. */
export const STORED_STATES: readonly ItemState[] = ['CONFIRMED', 'STORED_UNCERTAIN', 'DUPLICATED'];

/** Why an item of a redrive is in its state; `ALREADY_REDRIVEN` has the earlier job's id instead. */
export const TERMINAL_REASONS = [
  'again',
  'refused',
  'not_sendable',
  'diverted',
  'source_gone',
  'handled',
  'older_copy',
  'not_stored',
  'job_failed',
  'vanished',
  'unverified',
  'attempts_exhausted',
  'scan_incomplete',
  'cancelled_unresolved',
  'consumed',
  'consumed_later',
  'failed_again',
  'dead_again',
] as const;
export type TerminalReason = (typeof TERMINAL_REASONS)[number];

/** One dead letter of a redrive. Its identity is (srcBroker, srcPhyOffset, srcUniqKey). */
export interface ItemTable {
  operationId: string;
  n: number;
  srcBroker: string;
  srcQueueId: number;
  srcQueueOffset: number;
  srcPhyOffset: number;
  srcMsgId: string;
  srcUniqKey: string;
  srcStoredAt: number;
  originTopic: string | null;
  bodySha256: string | null;
  state: ItemState;
  terminalReason: string | null;
}

/** How far a redrive of more letters than a list holds has made items of them; in order of their store times. */
export interface SelectionTable {
  operationId: string;
  count: number;
  listed: number;
  afterStoredAt: number;
  afterId: number;
  /** 1: all letters have their item, or the others get none any more. */
  isOver: number;
}

/** One SEND of an item. */
export interface AttemptTable {
  operationId: string;
  n: number;
  k: number;
  uniqKey: string;
  tgtTopic: string;
  tgtBroker: string;
  tgtQueueId: number;
  floorOffset: number;
  intentAt: number;
  sentAt: number | null;
  resultCode: number | null;
  remark: string | null;
  offsetMsgId: string | null;
  queueOffset: number | null;
  resolvedBy: 'ANSWER' | 'SCAN' | 'INDEX' | 'OPERATOR' | null;
  resolvedAt: number | null;
}

export interface LaneTable {
  operationId: string;
  tgtTopic: string;
  tgtBroker: string;
  tgtQueueId: number;
  floorOffset: number;
}

export type ResetQueueState =
  | 'PENDING'
  | 'INTENT'
  | 'WRITTEN'
  | 'UNKNOWN'
  | 'FAILED'
  | 'SKIPPED'
  | 'APPLIED'
  | 'APPLIED_THEN_MOVED'
  | 'OVERRIDDEN'
  | 'UNVERIFIED';

/** One queue of a reset; `committedBefore`, `minBefore`, `maxBefore` are what an undo starts from. */
export interface ResetQueueTable {
  operationId: string;
  topic: string;
  broker: string;
  queueId: number;
  /** Null: the broker had no recorded offset. */
  committedBefore: number | null;
  minBefore: number;
  maxBefore: number;
  targetOffset: number;
  targetStoredAt: number | null;
  /** RocketMQ's request that wrote it, e.g. `INVOKE_BROKER_TO_RESET_OFFSET`. */
  request: string | null;
  state: ResetQueueState;
  intentAt: number | null;
  appliedAt: number | null;
  resultCode: number | null;
  result: string | null;
  verifiedOffset: number | null;
  verifiedAt: number | null;
}

/** A dead letter an operator marked handled; `reopenedAt` undoes the mark. */
export interface HandledTable {
  id: Generated<number>;
  cluster: string;
  group: string;
  broker: string;
  phyOffset: number;
  uniqKey: string;
  operationId: string;
  handledAt: number;
  handledBy: string;
  reopenedAt: number | null;
  reopenedBy: string | null;
}

/** "All of it" as of a moment: every letter of this DLQ queue below `belowOffset` is handled, up to the place `lastPhyOffset`. */
export interface HandledWatermarkTable {
  id: Generated<number>;
  cluster: string;
  group: string;
  broker: string;
  queueId: number;
  belowOffset: number;
  /** Place of the newest letter that was marked: offsets begin again when the topic is deleted, places do not. Null: unknown. */
  lastPhyOffset: number | null;
  operationId: string;
  handledAt: number;
  handledBy: string;
  /** Set by a reopen, or by a purge (offsets start again at 0). */
  endedAt: number | null;
  endedBy: string | null;
}
