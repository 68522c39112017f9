import type { Running } from '../scale/with-console';

/** What the server answers about dead letters, and how long that took. */
export async function ask<Reply>(
  { get }: Pick<Running, 'get'>,
  query: Record<string, string | number>,
  what: 'messages' | 'failures' | '' = 'messages',
): Promise<{ ms: number; reply: Reply }> {
  const pairs = Object.entries(query).map(([name, value]) => [name, String(value)]);
  const address = `/api/dead-letters${what && `/${what}`}?${new URLSearchParams(pairs)}`;
  const { ms, status, text } = await get(address);
  if (status !== 200) throw new Error(`${address}: ${status} ${text.slice(0, 300)}`);
  return { ms, reply: JSON.parse(text) as Reply };
}
