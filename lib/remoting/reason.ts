/**
 * Why a connection came to nothing, where that can be told from outside: what somebody has to mend, beyond "it does not
 * answer".
 */
export type ConnectionReason =
  | 'TLS_SELF_SIGNED'
  | 'TLS_UNTRUSTED'
  | 'TLS_WRONG_NAME'
  | 'TLS_EXPIRED'
  | 'TLS_NOT_YET_VALID'
  | 'TLS_NOT_SPOKEN'
  | 'TLS_CLIENT_REFUSED'
  | 'HUNG_UP'
  | 'BLOCKED';

/** Of the error with which a name lookup refuses what a name stands for. */
export const BLOCKED_CODE = 'ADDRESS_BLOCKED';

const BY_CODE: Readonly<Record<string, ConnectionReason>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS_SELF_SIGNED',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS_UNTRUSTED',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT: 'TLS_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TLS_UNTRUSTED',
  CERT_SIGNATURE_FAILURE: 'TLS_UNTRUSTED',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS_WRONG_NAME',
  CERT_HAS_EXPIRED: 'TLS_EXPIRED',
  CERT_NOT_YET_VALID: 'TLS_NOT_YET_VALID',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS_NOT_SPOKEN',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'TLS_NOT_SPOKEN',
  [BLOCKED_CODE]: 'BLOCKED',
};

/** Alerts with which a server answers a client certificate, or the lack of one; in TLS 1.3 after the handshake. */
const CLIENT_REFUSED =
  /^ERR_SSL_.*ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_|HANDSHAKE_FAILURE)/;

/** By the code of an error of `node:net` or `node:tls`. */
export function reasonOfCode(code: string | undefined): ConnectionReason | undefined {
  if (code === undefined) return undefined;
  return CLIENT_REFUSED.test(code) ? 'TLS_CLIENT_REFUSED' : BY_CODE[code];
}
