import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';

interface Told {
  version: string;
  value: Promise<unknown>;
}
/** Groups that are remembered; whoever looks at more of them asks the store again. */
const MOST = 500;

/** What is worked out of the store once, until `version` is another one. */
export function toldOnce<T>(
  { client }: Pick<Ctx, 'client'>,
  key: string,
  version: string,
  tell: () => Promise<T>,
): Promise<T> {
  const all = memoryOf(client, 'told-of-letters', () => new Map<string, Told>());
  const known = all.get(key);
  if (known?.version === version) return known.value as Promise<T>;
  const value = tell();
  if (all.size >= MOST) all.clear();
  all.set(key, { version, value });
  value.catch(() => all.delete(key));
  return value;
}
