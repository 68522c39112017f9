import 'server-only';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { Secret } from './secret';

type Environment = Readonly<Record<string, string | undefined>>;

/** A value given as it is, in a file, or in a variable of the environment; one of the three. */
export const sourced = (name: string) =>
  ({ [name]: z.string().min(1), [`${name}File`]: z.string().min(1), [`${name}Env`]: z.string().min(1) }) as const;
const KEYS = ['accessKey', 'secretKey', 'securityToken'] as const;
type Key = (typeof KEYS)[number];

export const aclFile = z.strictObject(Object.assign({}, ...KEYS.map(sourced))).partial() as z.ZodType<
  Partial<Record<Key | `${Key}File` | `${Key}Env`, string>>
>;

export const tlsFile = z.strictObject({
  /** Paths of PEM files. */
  ca: z.string().optional(),
  cert: z.string().optional(),
  key: z.string().optional(),
  /** Name to look for in the certificates, instead of the host that is connected to. */
  serverName: z.string().min(1).optional(),
  insecureSkipVerify: z.boolean().optional(),
});
export type TlsConfig = z.infer<typeof tlsFile>;

export interface AclConfig {
  accessKey: string;
  secretKey: Secret;
  securityToken?: Secret;
}

/** Credentials of a cluster from wherever its configuration says they are. Throws an `Error` that names the key, never the value. */
export function readAcl(
  given: z.infer<typeof aclFile>,
  env: Environment,
  warn: (sentence: string) => void,
  label: (key: string) => string,
): AclConfig {
  const read = (key: Key) => readSourced(key, given, env, warn, label);
  const [accessKey, secretKey, securityToken] = KEYS.map(read);
  if (accessKey === undefined || secretKey === undefined) {
    const missing = accessKey === undefined ? 'accessKey' : 'secretKey';
    throw new Error(`${label(missing)} is missing: access key and secret key go together`);
  }
  return {
    accessKey,
    secretKey: new Secret(secretKey),
    ...(securityToken !== undefined && { securityToken: new Secret(securityToken) }),
  };
}

/** The value of `key`, `keyFile` or `keyEnv`; undefined when none is given. Throws as {@link readAcl}. */
export function readSourced<K extends string>(
  key: K,
  given: Partial<Record<K | `${K}File` | `${K}Env`, string>>,
  env: Environment,
  warn: (sentence: string) => void,
  label: (key: string) => string,
): string | undefined {
  const plain = given[key];
  const file = given[`${key}File`];
  const variable = given[`${key}Env`];
  if ([plain, file, variable].filter((source) => source !== undefined).length > 1)
    throw new Error(`${label(key)} is given twice: keep one of ${key}, ${key}File and ${key}Env`);
  if (file !== undefined) return readSecretFile(label(`${key}File`), file, warn);
  if (variable === undefined) return plain;
  const value = env[variable];
  if (!value) throw new Error(`${label(`${key}Env`)} names the variable ${variable}, which is not set`);
  return value;
}

function readSecretFile(label: string, file: string, warn: (sentence: string) => void): string {
  let text: string;
  try {
    warnIfOpen(label, file, warn);
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Error(`${label}: ${(error as Error).message}`);
  }
  if (text === '') throw new Error(`${label}: ${file} is empty`);
  return text;
}

const READABLE_BY_OTHERS = 0o004;

/** Warns when every account of this machine may read a file with secrets. */
export function warnIfOpen(label: string, file: string, warn: (sentence: string) => void): void {
  // Who reads it says that it is missing.
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & READABLE_BY_OTHERS) === 0) return;
  warn(`${label}: ${file} holds a secret and may be read by every account of this machine; chmod 600 it`);
}
