import 'server-only';
import { ConfigurationError } from './configuration-error';
import { isLoopbackAddress } from './host';

interface Listening {
  HOSTNAME: string;
  PORT: number;
  REDRIVE_ORIGIN?: string | undefined;
  REDRIVE_BEHIND_TLS: boolean;
  REDRIVE_ALLOW_PLAIN_HTTP: boolean;
  REDRIVE_HTTPS_CERT?: string | undefined;
  REDRIVE_HTTPS_KEY?: string | undefined;
}

/** Set by lib/https.mjs once the server speaks TLS. */
const LISTENS = Symbol.for('redrive.https');

/** A console that others reach has to know under what name, and must not send passwords in clear by accident. */
export function originOf(given: Listening): string {
  const { HOSTNAME: host, PORT: port, REDRIVE_ORIGIN: origin } = given;
  const isOwnTls = requireTls(given);
  if (isLoopbackAddress(host))
    return (
      origin ??
      `${isOwnTls ? 'https' : 'http'}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
    );
  if (!origin) {
    throw new ConfigurationError(
      `HOST is ${host}, so others can reach this console, but REDRIVE_ORIGIN does not say under what address. Set it to what people type, such as REDRIVE_ORIGIN=https://redrive.example.com.`,
    );
  }
  const isCovered = origin.startsWith('https:')
    ? isOwnTls || given.REDRIVE_BEHIND_TLS
    : !isOwnTls && given.REDRIVE_ALLOW_PLAIN_HTTP;
  if (!isCovered) {
    throw new ConfigurationError(
      `HOST is ${host}, where passwords and sessions would cross the network in clear. Give the console a certificate (REDRIVE_HTTPS_CERT, REDRIVE_HTTPS_KEY), or put a proxy that speaks TLS in front and set REDRIVE_BEHIND_TLS=true, both with REDRIVE_ORIGIN=https://…; or, where the network is trusted, set REDRIVE_ALLOW_PLAIN_HTTP=true with REDRIVE_ORIGIN=http://….`,
    );
  }
  return origin;
}

/** Whether the console speaks TLS itself. Throws where it is meant to and does not. */
function requireTls({ REDRIVE_HTTPS_CERT: cert, REDRIVE_HTTPS_KEY: key, REDRIVE_ORIGIN: origin }: Listening): boolean {
  if (!cert && !key) return false;
  if (!cert || !key)
    throw new ConfigurationError(
      `REDRIVE_HTTPS_${cert ? 'KEY' : 'CERT'} is missing: a certificate and its key go together.`,
    );
  if (origin?.startsWith('http:'))
    throw new ConfigurationError('REDRIVE_ORIGIN begins with http:, but the console speaks HTTPS; write https:.');
  if (!(globalThis as { [LISTENS]?: boolean })[LISTENS])
    throw new ConfigurationError(
      'REDRIVE_HTTPS_CERT is set, but this server speaks plain HTTP. Start it with npm start, which gives it the certificate.',
    );
  return true;
}
