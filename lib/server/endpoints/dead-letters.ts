import 'server-only';
import {
  deadLettersQuery,
  deadLettersReply,
  failureNoteInput,
  failureNoteReply,
  failuresQuery,
  failuresReply,
  lettersQuery,
  lettersReply,
} from '@/lib/contract/dead-letters';
import { letterRowsQuery, letterRowsReply, letterSearchEvent, letterSearchQuery } from '@/lib/contract/letter-search';
import { letterRunsQuery, letterRunsReply } from '@/lib/contract/run-once';
import { listFailures } from '@/lib/domain/dead-letters/list-failures';
import { listDeadLetterGroups } from '@/lib/domain/dead-letters/list-groups';
import { listLetters } from '@/lib/domain/dead-letters/list-messages';
import { noteFailure } from '@/lib/domain/dead-letters/note-failure';
import { letterRows } from '@/lib/domain/letter-search/rows';
import { listRuns } from '@/lib/domain/run-once/list-runs';
import { defineEndpoint, StreamReply } from '../endpoint';
import { letterSearchLines } from '../letter-search-lines';

export const deadLettersList = defineEndpoint({
  method: 'GET',
  path: '/api/dead-letters',
  summary: 'Groups with dead letters',
  permission: 'metadata:read',
  input: deadLettersQuery,
  reply: deadLettersReply,
  run: listDeadLetterGroups,
});

export const lettersList = defineEndpoint({
  method: 'GET',
  path: '/api/dead-letters/messages',
  summary: 'The dead letters of a group, newest first',
  permission: 'metadata:read',
  input: lettersQuery,
  reply: lettersReply,
  run: listLetters,
});

export const failuresList = defineEndpoint({
  method: 'GET',
  path: '/api/dead-letters/failures',
  summary: 'What the dead letters of a group died of',
  permission: 'metadata:read',
  input: failuresQuery,
  reply: failuresReply,
  run: listFailures,
});

export const failureNote = defineEndpoint({
  method: 'POST',
  path: '/api/dead-letters/note',
  summary: 'Write down what is known about a failure, for whoever looks next',
  permission: 'dead-letter:redrive',
  input: failureNoteInput,
  reply: failureNoteReply,
  run: noteFailure,
});

export const letterRuns = defineEndpoint({
  method: 'GET',
  path: '/api/dead-letters/runs',
  summary: 'What came of running a dead letter once on a client',
  permission: 'metadata:read',
  input: letterRunsQuery,
  reply: letterRunsReply,
  run: listRuns,
});

export const letterSearch = defineEndpoint({
  method: 'GET',
  path: '/api/dead-letters/search',
  summary:
    'Dead letters whose body or properties match, as lines of JSON with progress; closing the connection stops it',
  permission: 'message:body:read',
  input: letterSearchQuery,
  reply: null,
  contentType: 'application/x-ndjson; charset=utf-8',
  event: letterSearchEvent,
  async run(ctx, query) {
    return new StreamReply(await letterSearchLines(ctx, query));
  },
});

export const lettersById = defineEndpoint({
  method: 'GET',
  path: '/api/dead-letters/rows',
  summary: 'Up to 100 dead letters by their ids, as the ledger has them now',
  permission: 'metadata:read',
  input: letterRowsQuery,
  reply: letterRowsReply,
  run: letterRows,
});
