import 'server-only';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Configuration } from 'openid-client';
import type { Identity } from '@/lib/domain/accounts/sign-in-external';
import { DomainError } from '@/lib/domain/errors';
import { isLoopbackHost } from './host';
import type { OidcConfig } from './oidc-config';
import { problemOfAnswer, problemOfProvider } from './oidc-problem';

/** So long a person may take at the provider, s. */
export const PENDING_S = 600;
/** Where the provider sends people back to. */
export const CALLBACK_PATH = '/sign-in/callback';
/** What the provider is told of at a time, s. */
const TIMEOUT_S = 5;
/** Clocks of two machines differ, s. */
const CLOCK_TOLERANCE_S = 60;
/** New keys and addresses of a provider are seen within this time, ms. */
const KNOWN_FOR_MS = 3_600_000;

/** What the browser keeps while its person is at the provider; without it an answer is nobody's. */
export interface Pending {
  state: string;
  nonce: string;
  verifier: string;
  next: string;
  at: number;
}

/**
 * Sign-in at an OpenID provider: authorization code with PKCE, state and nonce. Nothing is asked before somebody wants
 * to sign in, so that a provider that is down keeps no console from starting.
 */
export class OidcSignIn {
  #known: { at: number; configuration: Promise<Configuration> } | null = null;

  constructor(
    readonly config: OidcConfig,
    private readonly now: () => number = Date.now,
  ) {}

  /** Where to send the browser. `DomainError` UNAVAILABLE `oidc_unreachable` `oidc_unusable`. */
  async begin(redirectUri: string, next: string): Promise<{ url: string; pending: Pending }> {
    const client = await import('openid-client');
    const configuration = await this.#discover();
    const pending = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      next,
      at: this.now(),
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.config.scopes.join(' '),
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, pending };
  }

  /**
   * Who came back. `answer` is the query that the provider sent the browser with. `DomainError` INVALID `oidc_lost`,
   * FORBIDDEN `oidc_cancelled` `oidc_refused` `oidc_code` `oidc_client` `oidc_clock` `oidc_token`, and those of {@link begin}.
   */
  async finish(redirectUri: string, answer: string, pending: Pending | null): Promise<Identity> {
    const given = new URLSearchParams(answer);
    if (!pending || this.now() - pending.at > PENDING_S * 1000 || !isSame(given.get('state') ?? '', pending.state))
      throw new DomainError('INVALID', 'oidc_lost');
    const client = await import('openid-client');
    const configuration = await this.#discover();
    try {
      const tokens = await client.authorizationCodeGrant(configuration, new URL(`${redirectUri}?${given}`), {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new DomainError('FORBIDDEN', 'oidc_token', { problem: 'id_token' });
      const { nameClaim, groupsClaim, issuer } = this.config;
      let said: Record<string, unknown> = claims;
      // Many providers put into the ID token only who somebody is.
      const isWhole = claimOf(said, groupsClaim) !== undefined && claimOf(said, nameClaim) !== undefined;
      if (!isWhole && configuration.serverMetadata().userinfo_endpoint)
        said = { ...(await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims };
      const name = claimOf(said, nameClaim);
      return {
        issuer,
        subject: claims.sub,
        name: typeof name === 'string' ? name : null,
        groups: textsOf(claimOf(said, groupsClaim)),
      };
    } catch (error) {
      throw problemOfAnswer(error, this.config.issuer);
    }
  }

  /** Roles of the groups, in the order of the configuration. */
  rolesOf(groups: readonly string[]): string[] {
    const given = Object.entries(this.config.roles).filter(([group]) => groups.includes(group));
    return [...new Set(given.flatMap(([, roles]) => roles))];
  }

  #discover(): Promise<Configuration> {
    const known = this.#known;
    if (known && this.now() - known.at < KNOWN_FOR_MS) return known.configuration;
    const configuration = discover(this.config);
    const asked = { at: this.now(), configuration };
    this.#known = asked;
    configuration.catch(() => {
      if (this.#known === asked) this.#known = null;
    });
    return configuration;
  }
}

async function discover({ issuer, clientId, clientSecret }: OidcConfig): Promise<Configuration> {
  const client = await import('openid-client');
  const isPlain = issuer.startsWith('http:');
  try {
    const configuration = await client.discovery(
      new URL(issuer),
      clientId,
      { [client.clockTolerance]: CLOCK_TOLERANCE_S, ...(clientSecret && { client_secret: clientSecret.reveal() }) },
      clientSecret ? undefined : client.None(),
      {
        timeout: TIMEOUT_S,
        // The signature counts too, not only the connection that the token came by.
        execute: [client.enableNonRepudiationChecks, ...(isPlain ? [client.allowInsecureRequests] : [])],
      },
    );
    requireOwnAddresses(configuration, isPlain);
    return configuration;
  } catch (error) {
    throw problemOfProvider(error, issuer);
  }
}

/** Plain HTTP is for a provider on this machine, and what it names has to lie there too. */
function requireOwnAddresses(configuration: Configuration, isPlain: boolean): void {
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = configuration.serverMetadata();
  if (!authorization_endpoint || !token_endpoint || !jwks_uri) throw new Error('incomplete');
  for (const address of [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint]) {
    if (address === undefined) continue;
    const { protocol, host } = new URL(address);
    if (protocol !== 'https:' && !(isPlain && protocol === 'http:' && isLoopbackHost(host))) throw new Error('plain');
  }
}

/** A claim by its name, or by names with dots between (`realm_access.roles`). */
function claimOf(claims: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>(
      (value, each) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, each)
          ? (value as Record<string, unknown>)[each]
          : undefined,
      claims,
    );
}

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string');

const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
