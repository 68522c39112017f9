import { expect, test } from 'vitest';
import { hashPassword, isPassword } from './password';

test('a password is known again by its hash, which is another one each time', async () => {
  const [one, two] = await Promise.all([
    hashPassword('a long enough password'),
    hashPassword('a long enough password'),
  ]);
  expect(one).not.toBe(two);
  expect(one).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(await isPassword('a long enough password', one)).toBe(true);
  expect(await isPassword('a long enough passwort', one)).toBe(false);
});

test('letters count, not how a keyboard composes them', async () => {
  const hash = await hashPassword('caf\u00e9 au lait, two sugars');
  expect(await isPassword('cafe\u0301 au lait, two sugars', hash)).toBe(true);
});

test('C18 nobody has no password, and it takes as long to find out', async () => {
  const hash = await hashPassword('a long enough password');
  const timed = async (given: string | null) => {
    const startedAt = performance.now();
    expect(await isPassword('', given)).toBe(false);
    return performance.now() - startedAt;
  };
  const ratios: number[] = [];
  for (let round = 0; round < 3; round++) ratios.push((await timed(null)) / (await timed(hash)));
  expect(ratios.sort((a, b) => a - b)[1]).toBeGreaterThan(0.3);
});
