import 'server-only';
import pino from 'pino';

/** A second net: secrets are held so that they print nothing (secret.ts), and nobody logs requests. */
const SECRETS = ['secretKey', 'securityToken', 'password', 'Signature', 'SecurityToken', 'authorization', 'cookie'];

const output = pino.destination({ fd: 1, sync: true });

/** One JSON line per event on standard output; control bytes are escaped by JSON itself. */
export const log = pino(
  {
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    level: process.env.LOG_LEVEL ?? 'info',
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
  },
  output,
);

/** Whole lines that are no event of the program, between its own. */
export const writeLines = (text: string): void => void output.write(text);
