import 'server-only';
import { timingSafeEqual } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newToken, tokenHash } from '@/lib/domain/accounts/token';
import type { Settings } from './env';

const FILE = 'setup-link.txt';

/** Of a console nobody can sign in to yet: whoever opens its link makes the first account. */
export interface SetupLink {
  readonly url: string;
  isToken(token: string): boolean;
  /** Once it has been used. */
  forget(): void;
}

/**
 * Prints the link and leaves it in a file that only its owner reads. The secret stands behind `#`, so that it reaches no
 * log of a proxy; it is kept as a hash and is another one after each start.
 */
export function makeSetupLink({ dataDir, origin }: Settings, print: (text: string) => void): SetupLink {
  const token = newToken();
  const url = `${origin}/setup#${token}`;
  const file = path.join(dataDir, FILE);
  rmSync(file, { force: true });
  writeFileSync(file, `${url}\n`, { mode: 0o600, flag: 'wx' });
  print(
    `\nNobody can sign in yet. Make the first account, an administrator, at\n\n  ${url}\n\nThe link works once. It is also in ${file}.\n`,
  );
  const wanted = Buffer.from(tokenHash(token), 'hex');
  return {
    url,
    isToken: (given) => timingSafeEqual(wanted, Buffer.from(tokenHash(given), 'hex')),
    forget: () => rmSync(file, { force: true }),
  };
}

/** One from an earlier start, of a console that has accounts by now. */
export const removeSetupLink = (dataDir: string): void => rmSync(path.join(dataDir, FILE), { force: true });
