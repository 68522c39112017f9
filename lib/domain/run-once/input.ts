import type { RunOnceResult } from '@/lib/contract/run-once';
import type { QueuePlace } from '../redrive/still-there';

/** One letter, one client. */
export interface RunOnceInput {
  group: string;
  letter: QueuePlace & {
    /** Record id. */
    id: string;
    uniqKey: string;
    originTopic: string | null;
    tag: string | null;
    cause: { property: string; text: string } | null;
  };
  clientId: string;
  /** Offset message id of the record that the client gets: the letter, or the first record of the same message. */
  messageId: string;
  topicSeen: string;
}

/** What the call itself answered. */
export type RunAnswer = Omit<RunOnceResult, 'siblings'>;
