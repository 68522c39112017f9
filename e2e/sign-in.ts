import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Somebody who may do everything on a console, for tests and benches. */
export interface Person {
  name: string;
  password: string;
  /** What programs send: an API token. */
  api: { authorization: string };
  /** What a browser sends. */
  page: { cookie: string };
}

const NAME = 'admin';
const PASSWORD = 'correct horse battery staple';
const EVERYTHING = [
  'metadata:read',
  'message:body:read',
  'message:unmasked:read',
  'dead-letter:redrive',
  'dead-letter:purge',
  'group:reset',
  'audit:read',
  'administer',
];
/** By address of the console. */
const people = new Map<string, Person>();

/** Who is signed in to the console at this address; undefined: nobody, as far as this process knows. */
export const personAt = (url: string): Person | undefined => people.get(new URL(url).origin);

/** Another console has this address now. */
export const forgetPersonAt = (url: string): void => void people.delete(new URL(url).origin);

/** What to send to this address of a console as its administrator: a page wants a cookie, the API a token. */
export function headersFor(address: string): Record<string, string> {
  const person = personAt(address);
  const { pathname } = new URL(address);
  return { ...(pathname.startsWith('/api/') ? person?.api : person?.page) };
}

/** The name and value of the cookie that a browser keeps for a person. */
export function cookieFor(url: string): ReturnType<typeof browserCookie> | undefined {
  const person = personAt(url);
  return person && browserCookie(url, person.page.cookie);
}

/** `name=value` as a browser is given it. */
export function browserCookie(url: string, cookie: string): { name: string; value: string; url: string; secure: true } {
  const [name = '', value = ''] = cookie.split('=', 2);
  // Chromium sets a secure cookie of this machine over plain HTTP when the console sends it, but not when it is asked to.
  return { name, value, url: new URL(url).origin.replace('http:', 'https:'), secure: true };
}

/** Makes the first account of a console by its setup link, or signs in to it again; `dataDir` also keeps the token. */
export async function signInTo(url: string, dataDir: string): Promise<Person> {
  const link = path.join(dataDir, 'setup-link.txt');
  const kept = path.join(dataDir, 'e2e-person.json');
  const secret = existsSync(link) ? readFileSync(link, 'utf8').trim().split('#')[1] : undefined;
  const entrance = secret
    ? await post(url, '/api/setup', { token: secret, name: NAME, password: PASSWORD })
    : await post(url, '/api/sign-in', { name: NAME, password: PASSWORD });
  const cookie = entrance.headers.getSetCookie()[0]?.split(';')[0];
  // A console whose disk is full, or that is killed meanwhile, lets nobody in anew: the session of before goes on.
  const before = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Person) : undefined;
  if (!entrance.ok || !cookie) {
    if (!before) throw new Error(`Nobody could sign in at ${url}: ${entrance.status} ${await entrance.text()}`);
    people.set(new URL(url).origin, before);
    return before;
  }
  const person = {
    name: NAME,
    password: PASSWORD,
    page: { cookie },
    api: before?.api ?? (await newToken(url, cookie)),
  };
  writeFileSync(kept, JSON.stringify(person), { mode: 0o600 });
  people.set(new URL(url).origin, person);
  return person;
}

async function newToken(url: string, cookie: string): Promise<Person['api']> {
  const answer = await post(url, '/api/me/tokens', { name: 'e2e', allow: EVERYTHING }, { cookie });
  if (!answer.ok) throw new Error(`No API token at ${url}: ${answer.status} ${await answer.text()}`);
  const { token } = (await answer.json()) as { token: string };
  return { authorization: `Bearer ${token}` };
}

const post = (url: string, address: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}${address}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', origin: new URL(url).origin, ...headers },
  });
