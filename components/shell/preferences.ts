export type Theme = 'light' | 'dark' | 'system';
export const THEME_COOKIE = 'redrive-theme';
export const ZONE_COOKIE = 'redrive-zone';
const YEAR_S = 31_536_000;

export const isTheme = (text: string | undefined): text is Theme =>
  text === 'light' || text === 'dark' || text === 'system';

/** `data-theme` of `<html>`: absent while the system decides. */
export const themeAttribute = (cookie: string | undefined): 'light' | 'dark' | undefined =>
  cookie === 'light' || cookie === 'dark' ? cookie : undefined;

/** An IANA zone from a cookie, or the given one when it is none. */
export function chooseZone(cookie: string | undefined, fallback: string): string {
  if (!cookie) return fallback;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: decodeURIComponent(cookie) }).resolvedOptions().timeZone;
  } catch {
    return fallback;
  }
}

export function remember(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser of the list
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax`;
}
