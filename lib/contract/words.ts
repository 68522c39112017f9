/** Closed lists that the browser needs as values; schemas build on them, so zod stays on the server. */
export const STATUS_WORDS = ['STALLED', 'STOPPED', 'NO_MEMBERS', 'WARN', 'REWOUND', 'FROZEN', 'UNKNOWN', 'OK'] as const;
export const TOPIC_TYPES = [
  'NORMAL',
  'FIFO',
  'DELAY',
  'TRANSACTION',
  'MIXED',
  'UNSPECIFIED',
  'RETRY',
  'DLQ',
  'SYSTEM',
] as const;
export const JOB_KINDS = ['redrive', 'reset', 'purge', 'handle', 'reopen', 'export', 'run-once'] as const;

/** Ends of an attempt, as a trace tells them, that say more than that it failed. */
export const TRACED_RESULTS = ['exception', 'timeout', 'returned_null'] as const;
export type TracedResult = (typeof TRACED_RESULTS)[number];

/** Of these, what changes a ledger of dead letters or takes it away. */
export const LEDGER_JOB_KINDS = ['redrive', 'purge', 'handle', 'reopen', 'export'] as const;
/** What is done to dead letters: a run of one changes nothing. */
export const LETTER_JOB_KINDS = [...LEDGER_JOB_KINDS, 'run-once'] as const;

/** What a topic can be filtered by besides its type: nobody reads it, a group that reads it needs attention, its brokers disagree. */
export const TOPIC_FEATURES = ['no-reader', 'trouble', 'differs'] as const;
export type TopicFeature = (typeof TOPIC_FEATURES)[number];

/** What the list of dead letters can be narrowed to, and how far back. */
export const LETTER_FILTERS = ['all', 'open', 'handled', 'redriven', 'expired'] as const;
/** Words of a ledger alone, where those above stand for several; `redriven_only` is what was sent again and not read yet. */
export const LETTER_WORDS = ['dead', 'dead_again', 'redriving', 'unknown', 'redriven_only', 'consumed'] as const;
export const LETTER_AGES = ['1h', '24h', '7d'] as const;

/** Where a search looks into letters that no index holds, and how it compares. */
export const SEARCH_PLACES = ['body', 'property', 'path'] as const;
export type SearchPlace = (typeof SEARCH_PLACES)[number];
export const SEARCH_TESTS = ['contains', 'equals'] as const;

/** Groups with dead letters: some are open, some died within the last hour, all are settled; and within how many hours the first may expire. */
export const LETTER_GROUP_FILTERS = ['open', 'growing', 'settled'] as const;
export const LETTER_EXPIRY_HOURS = [6, 24, 48] as const;

/** Copies of each canary stage of a redrive; then comes the rest. */
export const CANARY_STAGES = [1, 10] as const;
/** How long a canary stage waits until all of its copies are consumed, ms. */
export const CANARY_WAIT_MS = { least: 10_000, usual: 60_000, most: 3_600_000 } as const;
/** More copies than both that failed again pause a redrive: a number, and a percentage of those judged. */
export const BRAKE = { failedAtLeast: 5, failedPercent: 5 } as const;

/** Files that an export writes. */
export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What the audit trail says of an act: begun, refused, or how it ended. */
export const AUDIT_OUTCOMES = ['allowed', 'success', 'partial', 'unknown', 'failure', 'denied'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];
export const AUDIT_PHASES = ['intent', 'result'] as const;
/** How far back the trail is shown. */
export const AUDIT_AGES = ['24h', '7d', '30d', 'all'] as const;
/** Acts that have words of their own; the trail may hold others. */
export const AUDIT_ACTIONS = [
  'dead-letters.redrive',
  'dead-letters.purge',
  'dead-letters.handle',
  'dead-letters.reopen',
  'dead-letters.export',
  'dead-letters.run-once',
  'dead-letters.note',
  'offsets.reset',
  'job.pause',
  'job.resume',
  'job.cancel',
  'job.acknowledge',
  'jobs.export.download',
  'audit.export',
  'message.read',
  'session.sign-in',
  'session.sign-out',
  'session.end',
  'account.create',
  'account.change',
  'account.password',
  'token.create',
  'token.end',
  'role.raise',
  'role.lower',
  'request.denied',
] as const;
