/** Of a whole address: false when a percent escape is cut or does not decode to UTF-8; URLSearchParams would let both pass. */
export function hasWellFormedEscapes(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** Set by watch-requests.ts on requests whose raw address is malformed. */
export const MALFORMED_URL_HEADER = 'x-redrive-malformed-url';
