const USUAL = 8080;

/** Where the demo's console listens: as the command line says, else the environment variable `PORT`. Throws for no port. */
export function demoPort(option: string | undefined, env: string | undefined): number {
  const text = option ?? (env || String(USUAL));
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new Error(`${option === undefined ? 'PORT' : '--port'} is a number from 1 to 65535, not “${text}”.`);
  return port;
}
