import { isIPv6 } from 'node:net';

/** Whose request it is: an account's id, or the address of who has not signed in. */
export type Asker = string;

const GUEST = 'ip ';
export const guestAt = (ip: string): Asker => GUEST + (isIPv6(ip) ? networkOf(ip) : ip);
export const isGuest = (asker: Asker): boolean => asker.startsWith(GUEST);

/** Whoever has one IPv6 address has all 2^64 of its network. */
function networkOf(ip: string): string {
  const [head = '', tail] = ip.replace(/%.*/, '').split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail?.split(':').filter(Boolean) ?? [];
  const zeros = Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0');
  const all = [...groups, ...zeros, ...rest].slice(0, 4);
  return `${all.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
