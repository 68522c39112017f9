import { createHash, randomBytes } from 'node:crypto';

const KEY_BYTES = 16;
const PORT_HALF = 4;

/** 32 hex digits like those of `MessageClientIDSetter`; never to be taken for an offset id, whose upper half of a port is 0. */
export const newUniqKey = (): string => uniqKeyFrom(randomBytes(KEY_BYTES));

/** The same for an item of a job that gives new ids: all of its attempts have one id. */
export const uniqKeyOfItem = (operationId: string, n: number): string =>
  uniqKeyFrom(createHash('sha256').update(`${operationId} ${n}`).digest().subarray(0, KEY_BYTES));

function uniqKeyFrom(bytes: Buffer): string {
  bytes[PORT_HALF] = (bytes[PORT_HALF] ?? 0) | 0x80;
  return bytes.toString('hex').toUpperCase();
}
