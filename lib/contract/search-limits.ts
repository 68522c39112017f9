/**
 * Up to what size a body, decompressed, is looked into, and JSON by a path: inflating and parsing more would hold up
 * everybody else for longer than a blink. A part is an opening bracket or brace, or a comma.
 */
export const MOST_SEARCHED = { bytes: 512 * 1024, parts: 20_000 } as const;
