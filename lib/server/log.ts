import 'server-only';
import pino from 'pino';

const output = pino.destination({ fd: 1, sync: true });

/** One JSON line per event on standard output; control bytes are escaped by JSON itself. */
export const log = pino(
  {
    level: process.env.LOG_LEVEL ?? 'info',
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
  },
  output,
);

/** Whole lines that are no event of the program, between its own. */
export const writeLines = (text: string): void => void output.write(text);
