/** One event of a message's life, from a record of the trace topic. Times are the client's clock, epoch ms. */
export type TraceRecord = TracePub | TraceSubBefore | TraceSubAfter | TraceEndTransaction | TraceRecall;

interface TraceOrigin {
  at: number | null;
  region: string | null;
  group: string | null;
  /** More than one for a batch, which is traced once. */
  msgIds: string[];
}
/** What a message was when it was sent. */
interface TraceSent extends TraceOrigin {
  topic: string | null;
  tags: string | null;
  keys: string[];
  storeHost: string | null;
}
export interface TracePub extends TraceSent {
  type: 'Pub';
  bodyLength: number | null;
  costMs: number | null;
  msgType: TraceMessageType;
  offsetMsgId: string | null;
  success: boolean;
  clientHost: string | null;
}
export interface TraceSubBefore extends TraceOrigin {
  type: 'SubBefore';
  requestId: string;
  retryTimes: number | null;
  keys: string[];
}
export interface TraceSubAfter {
  type: 'SubAfter';
  requestId: string;
  msgIds: string[];
  costMs: number | null;
  success: boolean;
  keys: string[];
  /** 0 success, 1 time-out, 2 exception, 3 returned null, 4 failed; null from old clients. */
  contextCode: number | null;
  at: number | null;
  group: string | null;
}
export interface TraceEndTransaction extends TraceSent {
  type: 'EndTransaction';
  msgType: TraceMessageType;
  transactionId: string | null;
  /** `COMMIT_MESSAGE`, `ROLLBACK_MESSAGE` or `UNKNOW` (sic). */
  transactionState: string | null;
  fromTransactionCheck: boolean;
}
export interface TraceRecall extends TraceOrigin {
  type: 'Recall';
  topic: string | null;
  success: boolean;
}
export type TraceMessageType = 'NORMAL' | 'TRANS_HALF' | 'TRANS_COMMIT' | 'DELAY' | 'ORDER' | null;

const MESSAGE_TYPES = ['NORMAL', 'TRANS_HALF', 'TRANS_COMMIT', 'DELAY', 'ORDER'] as const;

/**
 * Decodes the (decompressed) body of a trace record (`TraceDataEncoder`): contexts end with 0x02, fields
 * are separated by 0x01, a missing value is the text `null`. Additional fields at the end are ignored;
 * contexts of unknown types or with too few fields are counted in `unreadable`.
 */
export function decodeTraceRecords(body: Buffer | string): { records: TraceRecord[]; unreadable: number } {
  const records: TraceRecord[] = [];
  let unreadable = 0;
  for (const context of body.toString().split('\u0002')) {
    if (context === '') continue;
    const record = readContext(context.split('\u0001'));
    if (record) records.push(record);
    else unreadable += 1;
  }
  return { records, unreadable };
}

function readContext(fields: string[]): TraceRecord | undefined {
  switch (fields[0]) {
    case 'Pub':
      return fields.length < 13 ? undefined : readPub(fields);
    case 'SubBefore':
      return fields.length < 8 ? undefined : readSubBefore(fields);
    case 'SubAfter':
      return fields.length < 6 ? undefined : readSubAfter(fields);
    case 'EndTransaction':
      return fields.length < 13 ? undefined : readEndTransaction(fields);
    case 'Recall':
      return fields.length < 7
        ? undefined
        : { type: 'Recall', ...readOrigin(fields, 5), topic: text(fields[4]), success: flag(fields[6]) };
    default:
      return undefined;
  }
}

function readPub(fields: string[]): TracePub {
  const isOld = fields.length === 13;
  return {
    type: 'Pub',
    ...readSent(fields),
    bodyLength: integer(fields[9]),
    costMs: integer(fields[10]),
    msgType: messageType(fields[11]),
    offsetMsgId: isOld ? null : text(fields[12]),
    success: flag(fields[isOld ? 12 : 13]),
    clientHost: text(fields[14]),
  };
}

function readSubBefore(fields: string[]): TraceSubBefore {
  return {
    type: 'SubBefore',
    ...readOrigin(fields, 5),
    requestId: fields[4] ?? '',
    retryTimes: integer(fields[6]),
    keys: words(fields[7]),
  };
}

function readSubAfter(fields: string[]): TraceSubAfter {
  return {
    type: 'SubAfter',
    requestId: fields[1] ?? '',
    msgIds: idsOf(fields[2]),
    costMs: integer(fields[3]),
    success: flag(fields[4]),
    keys: words(fields[5]),
    contextCode: integer(fields[6]),
    at: integer(fields[7]),
    group: text(fields[8]),
  };
}

function readEndTransaction(fields: string[]): TraceEndTransaction {
  return {
    type: 'EndTransaction',
    ...readSent(fields),
    msgType: messageType(fields[9]),
    transactionId: text(fields[10]),
    transactionState: text(fields[11]),
    fromTransactionCheck: flag(fields[12]),
  };
}

function readSent(fields: string[]): TraceSent {
  return {
    ...readOrigin(fields, 5),
    topic: text(fields[4]),
    tags: text(fields[6]),
    keys: words(fields[7]),
    storeHost: text(fields[8]),
  };
}

function readOrigin(fields: string[], idField: number): TraceOrigin {
  return { at: integer(fields[1]), region: text(fields[2]), group: text(fields[3]), msgIds: idsOf(fields[idField]) };
}

function text(field: string | undefined): string | null {
  return field === undefined || field === '' || field === 'null' ? null : field;
}
function words(field: string | undefined): string[] {
  return text(field)?.split(' ').filter(Boolean) ?? [];
}
function idsOf(field: string | undefined): string[] {
  return text(field)?.split(',').filter(Boolean) ?? [];
}
function integer(field: string | undefined): number | null {
  return field !== undefined && /^-?\d{1,15}$/.test(field) ? Number(field) : null;
}
function flag(field: string | undefined): boolean {
  return field === 'true';
}
function messageType(field: string | undefined): TraceMessageType {
  return MESSAGE_TYPES[integer(field) ?? -1] ?? null;
}
