import 'server-only';
import { z } from 'zod';

const count = (fallback: number, most: number) => z.coerce.number().int().min(1).max(most).default(fallback);

/** What one account and all together may ask of the console; who has not signed in counts by address. */
export const limitVariables = {
  REDRIVE_USER_RATE: count(50, 1_000_000),
  REDRIVE_USER_REQUESTS: count(8, 10_000),
  REDRIVE_USER_STREAMS: count(8, 10_000),
  REDRIVE_REQUESTS: count(64, 10_000),
  REDRIVE_STREAMS: count(64, 10_000),
};

export interface LimitSettings {
  /** Requests per second in the long run. */
  userRate: number;
  /** Requests that are worked on at a time; four times as many wait. */
  userRequests: number;
  /** Open event streams, searches and downloads. */
  userStreams: number;
  /** Of all accounts together. */
  requests: number;
  streams: number;
}

export const limitsOf = (given: Record<keyof typeof limitVariables, number>): LimitSettings => ({
  userRate: given.REDRIVE_USER_RATE,
  userRequests: given.REDRIVE_USER_REQUESTS,
  userStreams: given.REDRIVE_USER_STREAMS,
  requests: given.REDRIVE_REQUESTS,
  streams: given.REDRIVE_STREAMS,
});

export const DEFAULT_LIMITS: LimitSettings = limitsOf(z.object(limitVariables).parse({}));
