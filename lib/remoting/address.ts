export interface HostPort {
  host: string;
  port: number;
}

/** `host:port`, `1.2.3.4:port`, `[v6]:port` and RocketMQ's own unbracketed `v6:port`; null when it is none of them. */
export function parseAddress(address: string): HostPort | null {
  const colon = address.lastIndexOf(':');
  if (colon <= 0) return null;
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const digits = address.slice(colon + 1);
  const port = Number(digits);
  if (host === '' || !/^\d{1,5}$/.test(digits) || port < 1 || port > 65535) return null;
  return { host, port };
}
