import { type Api, type ApiAnswer, type ApiFault, apiOf } from './api';

/** Somebody with an account of a console, signed in. */
export interface Guest {
  id: string;
  name: string;
  password: string;
  cookie: string;
  /** What a browser of theirs sends with every write. */
  headers: Record<string, string>;
  ask<T = ApiFault>(address: string): Promise<ApiAnswer<T>>;
  post<T = ApiFault>(address: string, json: object, headers?: Record<string, string>): Promise<ApiAnswer<T>>;
}

const PASSWORD = 'a long enough password';
const JSON_TYPE = { 'content-type': 'application/json' };

/** Makes an account by the console's administrator and signs it in. */
export async function addPerson(url: string, name: string, roles: string[]): Promise<Guest> {
  const api = apiOf(() => url);
  const made = await api.post<{ id: string }>('/api/accounts', { name, password: PASSWORD, roles });
  if (made.status !== 200) throw new Error(`No account ${name}: ${made.status} ${made.text}`);
  const entered = await signIn(api, url, name, PASSWORD);
  const cookie = cookieIn(entered);
  if (!cookie) throw new Error(`${name} could not sign in: ${entered.status} ${entered.text}`);
  return personWith(url, cookie, { id: made.body.id, name });
}

/** What a cookie lets do. */
export function personWith(url: string, cookie: string, { id = '', name = '' } = {}): Guest {
  const api = apiOf(() => url);
  const headers = { cookie, origin: url, ...JSON_TYPE };
  return {
    id,
    name,
    password: PASSWORD,
    cookie,
    headers,
    ask: (address) => api.ask(address, { headers: { cookie } }),
    post: (address, json, more = {}) =>
      api.ask(address, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(json) }),
  };
}

export const signIn = (
  api: Api,
  url: string,
  name: string,
  password: string,
  more: Record<string, string> = {},
): Promise<ApiAnswer<ApiFault>> =>
  api.ask('/api/sign-in', {
    method: 'POST',
    isAnonymous: true,
    headers: { origin: url, ...JSON_TYPE, ...more },
    body: JSON.stringify({ name, password }),
  });

export const cookieIn = (answer: ApiAnswer): string => [answer.headers['set-cookie']].flat()[0]?.split(';')[0] ?? '';
