import { readFileSync } from 'node:fs';

/** Resident memory of a process. */
export const rssBytes = (pid: number): number =>
  1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
