import 'server-only';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { SessionLimits } from '@/lib/domain/accounts/sign-in';
import { CRASH_POINTS, type CrashPoint } from '@/lib/domain/crash-point';
import type { BrokerBudget } from '@/lib/domain/snapshot/ask';
import { type AccessConfig, accessFile, accessOf } from './access-config';
import { type AclConfig, aclFile, readAcl, type TlsConfig, tlsFile, warnIfOpen } from './cluster-access';
import { ConfigurationError } from './configuration-error';
import { type LimitSettings, limitsOf, limitVariables } from './limit-settings';
import { originOf } from './origin';

const address = z
  .string()
  .trim()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$/, 'is not host:port')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'names a port above 65535');
const addressList = z
  .string()
  .transform((text) => text.split(/[;,\s]+/).filter(Boolean))
  .pipe(z.array(address).min(1, 'names no NameServer'));
const addressMap = z
  .string()
  .transform((text) =>
    text
      .split(/[,;\s]+/)
      .filter(Boolean)
      .map((pair) => pair.split('=')),
  )
  .pipe(z.array(z.tuple([address, address], 'is not advertised=reachable')))
  .transform((pairs) => Object.fromEntries(pairs));
const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const crashAt = z
  .string()
  .transform((text) => {
    const [point = '', count = '1'] = text.split(':');
    return { point, count: Number(count) };
  })
  .pipe(z.object({ point: z.enum(CRASH_POINTS), count: z.int().min(1) }));
const clusterName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'may hold letters, digits, dot, dash and underscore only');

const clusterFile = z.strictObject({
  name: clusterName,
  nameServers: z.array(address).min(1),
  env: z.string().max(12).optional(),
  readOnly: z.boolean().default(false),
  addressMap: z.record(address, address).default({}),
  allow: z.array(z.string()).optional(),
  tls: tlsFile.optional(),
  acl: aclFile.optional(),
});
export type ClusterConfig = Omit<z.infer<typeof clusterFile>, 'acl'> & { acl?: AclConfig | undefined };

const variables = z.object({
  NAMESRV_ADDR: addressList.optional(),
  REDRIVE_CONFIG: z.string().min(1).optional(),
  REDRIVE_CLUSTER_NAME: clusterName.default('default'),
  REDRIVE_CLUSTER_ENV: z.string().max(12).optional(),
  REDRIVE_READ_ONLY: flag.default(false),
  REDRIVE_ADDRESS_MAP: addressMap.default({}),
  REDRIVE_ACL_ACCESS_KEY: z.string().optional(),
  REDRIVE_ACL_ACCESS_KEY_FILE: z.string().optional(),
  REDRIVE_ACL_SECRET_KEY: z.string().optional(),
  REDRIVE_ACL_SECRET_KEY_FILE: z.string().optional(),
  REDRIVE_ACL_SECURITY_TOKEN: z.string().optional(),
  REDRIVE_ACL_SECURITY_TOKEN_FILE: z.string().optional(),
  REDRIVE_TLS: flag.default(false),
  REDRIVE_TLS_CA: z.string().optional(),
  REDRIVE_TLS_CERT: z.string().optional(),
  REDRIVE_TLS_KEY: z.string().optional(),
  REDRIVE_TLS_SERVER_NAME: z.string().optional(),
  REDRIVE_TLS_INSECURE_SKIP_VERIFY: flag.default(false),
  REDRIVE_DATA_DIR: z.string().min(1).default('data'),
  REDRIVE_SWEEP_MS: z.coerce
    .number()
    .int()
    .min(1000, 'is under 1000: push clients persist offsets every 5 s')
    .max(600_000)
    .default(5000),
  REDRIVE_BROKER_IN_FLIGHT: z.coerce.number().int().min(1).max(256).default(32),
  REDRIVE_BROKER_RATE: z.coerce.number().int().min(50, 'is under 50 requests per second').max(100_000).default(10_000),
  REDRIVE_MAX_RATE: z.coerce.number().int().min(1).max(100_000).default(500),
  /** The audit trail as JSON lines on standard output too. */
  REDRIVE_AUDIT_LOG: flag.default(true),
  REDRIVE_AUDIT_BODY_READS: z.enum(['off', 'masked', 'all']).default('masked'),
  /** `point` or `point:n`: the process kills itself when it comes there for the n-th time. */
  REDRIVE_CRASH_AT: crashAt.optional(),
  REDRIVE_CRASH_TEST: flag.default(false),
  /** So many pages of 4 KB may the store have: its disk is full then. */
  REDRIVE_STORE_PAGES: z.coerce.number().int().min(1).optional(),
  /** A redrive of more letters than this takes them from the ledger as it goes on. */
  REDRIVE_LIST_LETTERS: z.coerce.number().int().min(1).optional(),
  /** Where people reach it: what cookies, links and the Host header are held against. */
  REDRIVE_ORIGIN: z
    .string()
    .regex(/^https?:\/\/[^/?#\s@]+$/, 'is not http(s)://host[:port]')
    .transform((text) => new URL(text).origin)
    .optional(),
  /** Says that plain HTTP beyond this machine is meant. */
  REDRIVE_ALLOW_PLAIN_HTTP: flag.default(false),
  /** Something in front speaks TLS for us. */
  REDRIVE_BEHIND_TLS: flag.default(false),
  /** PEM files: the console speaks TLS itself. */
  REDRIVE_HTTPS_CERT: z.string().optional(),
  REDRIVE_HTTPS_KEY: z.string().optional(),
  REDRIVE_SESSION_IDLE_MIN: z.coerce
    .number()
    .positive()
    .max(24 * 60)
    .default(30),
  REDRIVE_SESSION_HOURS: z.coerce
    .number()
    .positive()
    .max(7 * 24)
    .default(12),
  ...limitVariables,
  PORT: z.coerce.number().int().min(1).max(65_535).default(8080),
  HOSTNAME: z.string().default('0.0.0.0'),
});

export interface Settings {
  clusters: ClusterConfig[];
  /** What is allowed and should be mended all the same; for the log. */
  warnings: string[];
  host: string;
  port: number;
  /** `http(s)://host:port` as people type it. */
  origin: string;
  sessions: SessionLimits;
  limits: LimitSettings;
  access: AccessConfig;
  dataDir: string;
  sweepIntervalMs: number;
  /** What a sweep may ask of one broker. */
  brokerBudget: BrokerBudget;
  /** Ceiling of a redrive, messages per second. */
  maxRate: number;
  /** Whether collectors are told of the audit trail, and which reads of a body go into it. */
  auditLog: boolean;
  auditBodyReads: 'off' | 'masked' | 'all';
  /** Of a crash test only. */
  crashAt?: { point: CrashPoint; count: number };
  storePages?: number;
  listLetters?: number;
}

/** Reads the environment and, when named, the YAML file. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = parse(variables, given, (key) => key);
  const origin = originOf(parsed);
  if (parsed.REDRIVE_CRASH_AT && !parsed.REDRIVE_CRASH_TEST) {
    throw new ConfigurationError(
      'REDRIVE_CRASH_AT makes the process kill itself in the middle of a job. Unset it; only the crash tests set it, together with REDRIVE_CRASH_TEST=true.',
    );
  }
  if (parsed.REDRIVE_STORE_PAGES && !parsed.REDRIVE_CRASH_TEST) {
    throw new ConfigurationError(
      'REDRIVE_STORE_PAGES makes the store behave as on a full disk. Unset it; only the fault tests set it, together with REDRIVE_CRASH_TEST=true.',
    );
  }
  if (parsed.REDRIVE_LIST_LETTERS && !parsed.REDRIVE_CRASH_TEST) {
    throw new ConfigurationError(
      'REDRIVE_LIST_LETTERS makes small redrives go the way of large ones. Unset it; only the fault tests set it, together with REDRIVE_CRASH_TEST=true.',
    );
  }
  const warnings: string[] = [];
  const warn = (sentence: string) => void warnings.push(sentence);
  const file = parsed.REDRIVE_CONFIG ? readFile(parsed.REDRIVE_CONFIG, env, warn) : { access: undefined };
  const clusters = ('clusters' in file ? file.clusters : undefined) ?? fromEnvironment(parsed, env, warn);
  if (parsed.REDRIVE_HTTPS_KEY) warnIfOpen('REDRIVE_HTTPS_KEY', parsed.REDRIVE_HTTPS_KEY, warn);
  for (const { name, tls } of clusters) if (tls?.key) warnIfOpen(`${name} tls.key`, tls.key, warn);
  return {
    clusters,
    warnings,
    origin,
    sessions: { idleMs: parsed.REDRIVE_SESSION_IDLE_MIN * 60_000, maxMs: parsed.REDRIVE_SESSION_HOURS * 3_600_000 },
    limits: limitsOf(parsed),
    access: orRefuse(() => accessOf(file.access, env, warn)),
    host: parsed.HOSTNAME,
    port: parsed.PORT,
    dataDir: path.resolve(parsed.REDRIVE_DATA_DIR),
    sweepIntervalMs: parsed.REDRIVE_SWEEP_MS,
    brokerBudget: { inFlight: parsed.REDRIVE_BROKER_IN_FLIGHT, perSecond: parsed.REDRIVE_BROKER_RATE },
    maxRate: parsed.REDRIVE_MAX_RATE,
    auditLog: parsed.REDRIVE_AUDIT_LOG,
    auditBodyReads: parsed.REDRIVE_AUDIT_BODY_READS,
    ...(parsed.REDRIVE_CRASH_AT && { crashAt: parsed.REDRIVE_CRASH_AT }),
    ...(parsed.REDRIVE_STORE_PAGES && { storePages: parsed.REDRIVE_STORE_PAGES }),
    ...(parsed.REDRIVE_LIST_LETTERS && { listLetters: parsed.REDRIVE_LIST_LETTERS }),
  };
}

type Environment = Record<string, string | undefined>;
type Warn = (sentence: string) => void;

function fromEnvironment(parsed: z.infer<typeof variables>, env: Environment, warn: Warn): ClusterConfig[] {
  if (!parsed.NAMESRV_ADDR) {
    throw new ConfigurationError(
      'NAMESRV_ADDR is not set. Start with NAMESRV_ADDR=host:9876 npm start, or name a file of clusters with REDRIVE_CONFIG.',
    );
  }
  const acl = {
    accessKey: parsed.REDRIVE_ACL_ACCESS_KEY,
    accessKeyFile: parsed.REDRIVE_ACL_ACCESS_KEY_FILE,
    secretKey: parsed.REDRIVE_ACL_SECRET_KEY,
    secretKeyFile: parsed.REDRIVE_ACL_SECRET_KEY_FILE,
    securityToken: parsed.REDRIVE_ACL_SECURITY_TOKEN,
    securityTokenFile: parsed.REDRIVE_ACL_SECURITY_TOKEN_FILE,
  };
  const label = (key: string) => `REDRIVE_ACL_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  return [
    {
      name: parsed.REDRIVE_CLUSTER_NAME,
      nameServers: parsed.NAMESRV_ADDR,
      env: parsed.REDRIVE_CLUSTER_ENV,
      readOnly: parsed.REDRIVE_READ_ONLY,
      addressMap: parsed.REDRIVE_ADDRESS_MAP,
      ...(Object.values(acl).some(Boolean) && { acl: credentials(acl, env, warn, label) }),
      ...tlsOf(parsed),
    },
  ];
}

/** Any of the variables switches TLS on. */
function tlsOf(parsed: z.infer<typeof variables>): { tls?: TlsConfig } {
  const tls = {
    ca: parsed.REDRIVE_TLS_CA,
    cert: parsed.REDRIVE_TLS_CERT,
    key: parsed.REDRIVE_TLS_KEY,
    serverName: parsed.REDRIVE_TLS_SERVER_NAME,
    insecureSkipVerify: parsed.REDRIVE_TLS_INSECURE_SKIP_VERIFY,
  };
  return parsed.REDRIVE_TLS || Object.values(tls).some(Boolean) ? { tls } : {};
}

const credentials = (...args: Parameters<typeof readAcl>): AclConfig => orRefuse(() => readAcl(...args));

function orRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigurationError(`${(error as Error).message}.`);
  }
}

const configFile = z.strictObject({ clusters: z.array(clusterFile).min(1).optional(), access: accessFile.optional() });

function readFile(
  file: string,
  env: Environment,
  warn: Warn,
): { clusters?: ClusterConfig[]; access: z.infer<typeof configFile>['access'] } {
  let content: unknown;
  try {
    // Its pretty errors quote the line, which may hold a secret.
    content = parseYaml(readFileSync(file, 'utf8'), { prettyErrors: false });
  } catch (error) {
    throw new ConfigurationError(
      `REDRIVE_CONFIG: ${file} could not be read: ${error instanceof Error ? error.message : error}`,
    );
  }
  const read = parse(configFile, content, (key) => `REDRIVE_CONFIG ${file}: ${key}`);
  const names = (read.clusters ?? []).map((cluster) => cluster.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice)
    throw new ConfigurationError(`REDRIVE_CONFIG ${file}: two clusters are called ${twice}. Give each its own name.`);
  const { clusters, access } = read;
  const { clientSecret } = (access?.oidc ?? {}) as { clientSecret?: string };
  if (clientSecret ?? clusters?.some(({ acl }) => acl?.secretKey ?? acl?.securityToken))
    warnIfOpen('REDRIVE_CONFIG', file, warn);
  const label = (cluster: string) => (key: string) => `REDRIVE_CONFIG ${file}: ${cluster} acl.${key}`;
  return {
    access,
    ...(clusters && {
      clusters: clusters.map(({ acl, ...cluster }) => ({
        ...cluster,
        ...(acl && { acl: credentials(acl, env, warn, label(cluster.name)) }),
      })),
    }),
  };
}

function parse<T extends z.ZodType>(schema: T, value: unknown, label: (key: string) => string): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const sentences = result.error.issues.map(
    (issue) => `${label(issue.path.join('.') || 'file')} ${issue.message.replace(/^Invalid input: /, 'is wrong: ')}`,
  );
  throw new ConfigurationError(`${sentences.join('. ')}.`);
}
