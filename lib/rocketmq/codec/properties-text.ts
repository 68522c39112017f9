/**
 * Values that a console must not pass on: 26 shows them to every user who may ask. By name in 5.5.0: `AuthConfig` (users
 * with passwords), `BrokerConfig` and `ControllerConfig` (`metricsGrpcExporterHeader` carries tokens) and the tiered
 * `MessageStoreConfig` (`objectStoreAccessKey`, `objectStoreSecretKey`); by pattern what other versions or plug-ins add.
 */
const SECRET_KEYS = new Set([
  'initAuthenticationUser',
  'innerClientAuthenticationCredentials',
  'metricsGrpcExporterHeader',
]);
const SECRET_NAME = /secret|passw(or)?d|credential|accessKey|privateKey|token$/i;
export const REDACTED = '••••••';

/**
 * Reads a config body (`MixAll.properties2String`): `key=value` lines, split at the first `=`, values
 * raw. Secrets are replaced by {@link REDACTED}; an empty secret stays empty.
 */
export function parsePropertiesText(body: Buffer | string): Record<string, string> {
  const result: Record<string, string> = Object.create(null);
  for (const line of body.toString().split(/\r?\n/)) {
    const split = line.indexOf('=');
    if (split < 1) continue;
    const key = line.slice(0, split);
    const value = line.slice(split + 1);
    const isSecret = SECRET_KEYS.has(key) || SECRET_NAME.test(key);
    result[key] = value !== '' && isSecret ? REDACTED : value;
  }
  return result;
}
