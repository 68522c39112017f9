import 'server-only';
import { isLoopbackHost } from './host';

export function cookieOf(header: string | null, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** Cookies of one machine are shared by all its ports: consoles behind several tunnels would sign each other out. */
export function ownCookie(name: string, host: string | null): string {
  const port = isLoopbackHost(host) ? /:(\d+)$/.exec(host ?? '')?.[1] : undefined;
  return port === undefined ? `__Host-${name}` : `__Host-${name}-${port}`;
}

/**
 * A cookie no script reads, no other site sends and no other host sets (safety C22). Browsers keep `Secure` ones of
 * a plain address on this machine too; Safari alone does not.
 */
export const secureCookie = (name: string, value: string, maxAgeS: number): string =>
  `${name}=${value}; Path=/; Max-Age=${maxAgeS}; Secure; HttpOnly; SameSite=Strict`;
