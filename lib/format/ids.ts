/** Head and tail of a long id: `0A04030B…7100F2`. Short ones stay whole. */
export function shortId(id: string, head = 8, tail = 6): string {
  return id.length <= head + tail + 2 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;
}

/** Does a text look like a message id (32, 34 or 56 hex digits with or without blanks around it)? */
export const looksLikeMessageId = (text: string): boolean =>
  /^(?:[0-9a-f]{32}|[0-9a-f]{34}|[0-9a-f]{56})$/i.test(text.trim());
