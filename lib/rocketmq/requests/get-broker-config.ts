import { parsePropertiesText } from '../codec/properties-text';
import { defineRequest } from '../define-request';

/** Any replica. No fields; body `key=value` lines (`MixAll.properties2String`). Secrets are redacted here. */
export const GET_BROKER_CONFIG = defineRequest<void, { config: Record<string, string> }, 'READ'>({
  name: 'GET_BROKER_CONFIG',
  code: 26,
  access: 'READ',
  encode: () => ({}),
  decode: (reply) => ({ config: parsePropertiesText(reply.body) }),
});
