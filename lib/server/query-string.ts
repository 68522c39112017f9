/** False when a percent escape is malformed or does not decode to UTF-8; URLSearchParams would let both pass. */
export function isWellFormedQuery(search: string): boolean {
  try {
    decodeURIComponent(search.replaceAll('+', ' '));
    return true;
  } catch {
    return false;
  }
}

/** Set by raw-url.ts on requests whose raw address is malformed. */
export const MALFORMED_URL_HEADER = 'x-redrive-malformed-url';
