import 'server-only';
import pino from 'pino';

/** One JSON line per event on standard output; control bytes are escaped by JSON itself. */
export const log = pino({
  level: process.env.LOG_LEVEL ?? 'info',
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
});
