import { randomBytes } from 'node:crypto';

const PORT_HALF = 4;

/** 32 hex digits like those of `MessageClientIDSetter`; never to be taken for an offset id, whose upper half of a port is 0. */
export function newUniqKey(): string {
  const bytes = randomBytes(16);
  bytes[PORT_HALF] = (bytes[PORT_HALF] ?? 0) | 0x80;
  return bytes.toString('hex').toUpperCase();
}
