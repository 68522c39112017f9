import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Shortest password, characters. */
export const PASSWORD_MIN = 12;
/** A longer one is refused instead of cut. */
export const PASSWORD_MAX = 256;

/** 32 MB and about a tenth of a second per try: OWASP's password storage cheat sheet, third row of scrypt. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const KEY_BYTES = 32;

/** `scrypt$N$r$p$salt$key`, base64url: what is kept instead of the password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Takes as long without a hash as with one: how long it took must not tell whether there is such an account. */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const [, N, r, p, salt, key] = (hash ?? NOBODY).split('$');
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: COST.maxmem };
  const derived = await derive(password, Buffer.from(salt ?? '', 'base64url'), cost);
  const wanted = Buffer.from(key ?? '', 'base64url');
  return hash !== null && derived.length === wanted.length && timingSafeEqual(derived, wanted);
}

const NOBODY = ['scrypt', COST.N, COST.r, COST.p, 'AAAAAAAAAAAAAAAAAAAAAA', 'AA'].join('$');

/** One spelling of each letter, whatever keyboard it came from. */
const derive = (password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, cost, (error, key) => (error ? reject(error) : resolve(key))),
  );
