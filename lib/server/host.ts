const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

/** Whether a Host header names this machine by loopback. */
export function isLoopbackHost(host: string | null): boolean {
  return host !== null && LOOPBACK.test(host);
}

/** Whether a Host header names this console: by loopback, or as `REDRIVE_ORIGIN` does. Anything else may be DNS rebinding. */
export const isOwnHost = (host: string | null): boolean =>
  isLoopbackHost(host) || (host !== null && host === ownHost());

/** Whether a browser's page of that origin is ours, for a request that was sent to `host`. */
export const isOwnOrigin = (origin: string, host: string | null): boolean => origin === originFor(host);

/** How a browser that sent a request to `host` reaches this console; undefined: by no address that is known. */
export const originFor = (host: string | null): string | undefined =>
  isLoopbackHost(host) ? `http${process.env.REDRIVE_HTTPS_CERT ? 's' : ''}://${host}` : process.env.REDRIVE_ORIGIN;

/** Whether a listening address is loopback. */
export function isLoopbackAddress(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|localhost|::1|\[::1\])$/i.test(host);
}

function ownHost(): string | null {
  try {
    return new URL(process.env.REDRIVE_ORIGIN ?? '').host;
  } catch {
    return null;
  }
}
