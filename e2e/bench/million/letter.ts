/** The group whose letters they are, and how many. `REDRIVE_BENCH_LETTERS` makes fewer, for a look at the bench itself. */
export const GROUP = 'billing';
export const LETTERS = Number(process.env.REDRIVE_BENCH_LETTERS ?? 1_000_000);
/** Of the letters of all, a broker has every second. */
export const lettersOn = (index: number, brokers: number): number => Math.ceil((LETTERS - index) / brokers);
export const DEAD_TOPIC = `%DLQ%${GROUP}`;
/** Groups with some letters on each master, whose pages a console shows before it is asked for the million. */
export const OTHER_GROUPS = ['invoicing', 'shipping', 'mailing', 'loyalty'] as const;
export const OTHER_LETTERS = 2000;
export const RETRY_TOPIC = `%RETRY%${GROUP}`;

export const ORIGINS = ['orders-paid', 'orders-new', 'payments', 'refunds'] as const;
export const TAGS = ['PAID', 'VIP', 'GIFT', 'EXPRESS', 'RETURN'] as const;
const PREFIXES = ['ORD', 'NEW', 'PAY', 'REF'] as const;
/** Ids and numbers in them differ from letter to letter. */
const CAUSES = [
  (n: number) => `InventoryTimeoutException: no answer for order ${n} within 3000 ms`,
  (n: number) => `CardDeclinedException: card of customer ${n % 9973}`,
  () => 'SerializationException: unknown field "couponCode"',
  (n: number) => `SQLTransientConnectionException: pool-1 timed out after ${30_000 + (n % 7)} ms`,
  (n: number) => `LedgerMismatchException: entry ${(0x10000000 + n).toString(16)}`,
];

export interface BenchLetter {
  key: string;
  uniqKey: string;
  tag: string;
  origin: string;
  cause: string | null;
  body: Buffer;
  properties: Buffer;
}

const nth = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** Letter `n` of all. Three of five carry the error in a property; keys rise as order numbers do, with gaps. */
export function letterOf(n: number): BenchLetter {
  const mixed = Math.imul(n, 0x9e3779b1) >>> 0;
  const origin = nth(ORIGINS, mixed >>> 8);
  const tag = nth(TAGS, mixed >>> 12);
  const cause = mixed % 5 < 3 ? nth(CAUSES, mixed >>> 16)(n) : null;
  const key = `${nth(PREFIXES, mixed >>> 8)}-${100_000_000 + n * 3 + (mixed % 3)}`;
  const uniqKey = `7F000001${(0x0d1b + (n % 3)).toString(16)}18B4AAC2${hex(0x2a000000 + (n >>> 3), 8)}${hex(n & 0xffff, 4)}`;
  const body = Buffer.from(
    JSON.stringify({
      order: key,
      customer: mixed % 9973,
      total: (mixed % 90_000) / 100,
      currency: 'EUR',
      items: n % 7,
    }),
  );
  // As a push consumer of 5.5.0 leaves a letter behind: the last retry, and what its last wait was for.
  const properties = propertiesOf({
    MIN_OFFSET: '0',
    MAX_OFFSET: '250000',
    CONSUME_START_TIME: '1763800000000',
    UNIQ_KEY: uniqKey.toUpperCase(),
    CLUSTER: 'DemoCluster',
    WAIT: 'false',
    DELAY: '0',
    REAL_TOPIC: RETRY_TOPIC,
    REAL_QID: '0',
    RETRY_TOPIC: origin,
    ORIGIN_MESSAGE_ID: `7F00000100002A9F${hex(n * 600, 16)}`,
    MSG_REGION: 'DefaultRegion',
    TRACE_ON: 'true',
    KEYS: key,
    TAGS: tag,
    ...(cause && { errorType: cause }),
  });
  return { key, uniqKey: uniqKey.toUpperCase(), tag, origin, cause, body, properties };
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

const propertiesOf = (properties: Record<string, string>): Buffer =>
  Buffer.from(
    Object.entries(properties)
      .map(([name, value]) => `${name}\u0001${value}\u0002`)
      .join(''),
  );

/** Bytes of a letter in the commit log, on average. */
export function averageBytes(): number {
  const sample = Array.from({ length: 1000 }, (_, index) => letterOf(Math.floor((index * LETTERS) / 1000)));
  const bytes = sample.reduce((sum, { body, properties }) => sum + body.length + properties.length, 0);
  return 91 + DEAD_TOPIC.length + bytes / sample.length;
}
