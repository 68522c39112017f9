import type { LetterFilter } from '@/lib/store/letters-filter';
import type { FrozenMarks } from '@/lib/store/selections';
import type { Destination } from './properties';

/** What a letter is sent as instead, under an id of its own. */
export interface FrozenEdit {
  uniqKey: string;
  /** Null: the bytes as they are stored. */
  body: string | null;
  keys: string;
  tag: string;
  properties: Record<string, string>;
}

/** One letter of a frozen selection and where its copy goes; its place in the list is the item number. */
export interface FrozenLetter {
  broker: string;
  queueId: number;
  queueOffset: number;
  physicalOffset: number;
  uniqKey: string;
  msgId: string;
  storedAt: number;
  /** Null when nobody recorded it; then the copy can go to a named topic only. */
  originTopic: string | null;
  destination: Destination;
  /** Of the body; missing in jobs of versions that did not look. */
  bytes?: number;
  to: { topic: string; broker: string; queueId: number };
  edit?: FrozenEdit;
}

/**
 * What chooses the letters of a job that are too many for a list: those that the ledger held when it was planned, and let
 * through then. They are neither sent nor marked before the job begins, or the plan is stale.
 */
export interface FrozenCondition {
  /** Of the ledger. */
  groupId: number;
  filter: LetterFilter;
  /** Number of the newest letter at the time of the plan: what died since is not meant. */
  upToId: number;
  /** When it was planned; epoch ms. What expired since is counted as expired. */
  asOf: number;
  /** Marks of handled at that time. What was marked since is counted as skipped. Missing in jobs of older versions. */
  marks?: FrozenMarks;
  count: number;
  /** Where the letters lie. */
  brokers: string[];
  /** Queues that take writes, by topic and broker. */
  holders: Record<string, Record<string, number>>;
}

export interface RedriveInput {
  group: string;
  target: 'group' | 'origin' | 'topic';
  /** False: the group does not receive the copies, so nothing about them can be judged. Missing: true. */
  isJudged?: boolean;
  /** Messages per second. */
  rate: number;
  /** Whether each copy gets an id of its own. Missing: it keeps that of its letter. */
  newIds?: boolean;
  /** Both missing in jobs of versions that had neither. */
  canary?: { waitMs: number } | null;
  lagLimit?: number | null;
  /** In the order in which they are sent; none with a condition. */
  letters: FrozenLetter[];
  condition?: FrozenCondition;
}

export type RedriveFrozen = Pick<RedriveInput, 'letters' | 'condition'>;
