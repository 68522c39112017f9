import 'server-only';

/** A configuration that must not run; the message names the key and the next step. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
