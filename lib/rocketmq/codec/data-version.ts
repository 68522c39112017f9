const FIELD = '"dataVersion":';
/** It stands at the front: keys are sorted. */
const WITHIN_BYTES = 512;

/** The text of a body's `DataVersion`, such as `{"counter":3,"stateVersion":0,"timestamp":1700000000000}`; null when it has none. */
export function dataVersionOf(body: Buffer): string | null {
  const start = body.toString('latin1', 0, WITHIN_BYTES);
  const at = start.indexOf(FIELD);
  return at < 0 ? null : (/^\{[^{}]*\}/.exec(start.slice(at + FIELD.length))?.[0] ?? null);
}
