// An OpenID provider on this machine, for tests: whoever is in `people` signs in by the name, with any password.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

export const CLIENT = { id: 'redrive', secret: 'canary-client-secret-4711' };
/** Another application of the same provider, which has its eyes on the same address. */
export const OTHER_CLIENT = 'other-application';

/**
 * `localhost` and not 127.0.0.1, where consoles are: to a browser these are different sites.
 * @param {{ port: number, redirectUris: string[], people: Record<string, { groups?: string[], name?: string }> }} options
 */
export async function startOpenIdProvider({ port, redirectUris, people }) {
  const issuer = `http://localhost:${port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const client = { grant_types: ['authorization_code'], response_types: ['code'], redirect_uris: redirectUris };
  const provider = new Provider(issuer, {
    clients: [
      { client_id: CLIENT.id, client_secret: CLIENT.secret, ...client },
      { client_id: OTHER_CLIENT, client_secret: CLIENT.secret, ...client },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['of a test'] },
    scopes: ['openid', 'profile', 'groups'],
    claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, id) =>
      people[id] && {
        accountId: id,
        claims: () => ({ sub: id, preferred_username: people[id].name ?? id, groups: people[id].groups }),
      },
    // Nobody is asked what the console may know of him.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid profile groups');
      await grant.save();
      return grant;
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 3600, Grant: 3600 },
  });
  provider.use(interactions(provider));
  const server = createServer(provider.callback());
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)));
  return {
    issuer,
    people,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * What the provider sends a browser back with that signs in as `who`: the part after `?`.
 * @param {string} address Where the console sent the browser.
 * @param {string} who
 */
export async function answerFor(address, who) {
  const { origin } = new URL(address);
  /** @type {Map<string, string>} */
  const cookies = new Map();
  let next = new URL(address);
  while (next.origin === origin) {
    const response = await fetch(next, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(next.pathname.startsWith('/interaction/') && { method: 'POST', body: new URLSearchParams({ name: who }) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = cookie.split(';', 1)[0].split('=', 2);
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (!location) throw new Error(`${next} answered ${response.status} ${await response.text()}`);
    next = new URL(location, next);
  }
  return next.search.slice(1);
}

/** The provider's own page: a name, any password, and a way back. */
const interactions = (provider) => async (ctx, next) => {
  const [, uid, act] = /^\/interaction\/([\w-]+)(\/\w+)?$/.exec(ctx.path) ?? [];
  if (!uid) return next();
  ctx.respond = false;
  if (act === '/abort')
    return provider.interactionFinished(ctx.req, ctx.res, { error: 'access_denied', error_description: 'cancelled' });
  if (ctx.method === 'POST') {
    let body = '';
    for await (const chunk of ctx.req) body += chunk;
    return provider.interactionFinished(ctx.req, ctx.res, {
      login: { accountId: new URLSearchParams(body).get('name') },
    });
  }
  ctx.res.setHeader('content-type', 'text/html').end(`<!doctype html><title>Provider</title><h1>Provider</h1>
    <form method="post" action="/interaction/${uid}"><label>Account <input name="name" required></label>
    <button>Continue</button></form><a href="/interaction/${uid}/abort">Cancel</a>`);
};
