import { requireExtInteger } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

export interface SearchOffsetInput {
  topic: string;
  queueId: number;
  /** Epoch ms. */
  at: number;
  /** 5.1.4+. `LOWER` (default): first message stored at or after; `UPPER`: last one at or before. */
  boundary?: 'LOWER' | 'UPPER' | undefined;
}

/**
 * Any replica. `topic`, `queueId`, `timestamp`, `boundaryType` (`BoundaryType.getName`); ext `offset`. After the last
 * message `LOWER` is the max offset (up to 5.1.0 the last message), before the first it may lie slightly below
 * the min. "To the end" is `GET_MAX_OFFSET`, never this.
 */
export const SEARCH_OFFSET_BY_TIMESTAMP = defineRequest<SearchOffsetInput, number, 'READ'>({
  name: 'SEARCH_OFFSET_BY_TIMESTAMP',
  code: 29,
  access: 'READ',
  encode: ({ topic, queueId, at, boundary }) => ({
    fields: { topic, queueId, timestamp: at, boundaryType: boundary?.toLowerCase() },
  }),
  decode: (reply) => requireExtInteger(reply, 'offset'),
});
