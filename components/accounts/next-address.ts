/** Where to go after signing in: an address of this console, whatever the link said. */
export function nextAddress(asked: string | null): string {
  if (!asked?.startsWith('/') || /^\/[/\\]/.test(asked)) return '/';
  const base = 'http://console.invalid';
  const url = URL.canParse(asked, base) ? new URL(asked, base) : null;
  return url?.origin === base && !url.pathname.startsWith('/sign-in') ? url.pathname + url.search + url.hash : '/';
}
