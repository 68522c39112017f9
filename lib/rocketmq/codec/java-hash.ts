/** `String.hashCode()` of Java: signed 32 bits over UTF-16 units. Tag filters and index slots use it. */
export function javaHashCode(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}

/** As `IndexFile.indexKeyHashMethod`: `Integer.MIN_VALUE` becomes 0. */
export function absoluteHash(text: string): number {
  const hash = Math.abs(javaHashCode(text));
  return hash > 0x7fffffff ? 0 : hash;
}
