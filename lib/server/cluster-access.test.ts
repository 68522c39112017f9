import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { readSettings } from './env';
import { Secret } from './secret';

const LOOPBACK = { HOSTNAME: '127.0.0.1' };
const ONE = { ...LOOPBACK, NAMESRV_ADDR: 'a:9876' };
const CANARY = 'canary-7f3a';
const folder = mkdtempSync(path.join(tmpdir(), 'redrive-access-'));

function file(name: string, text: string, mode = 0o600): string {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  chmodSync(place, mode);
  return place;
}
const configured = (acl: string, mode?: number) => ({
  ...LOOPBACK,
  REDRIVE_CONFIG: file('redrive.yaml', `clusters:\n  - { name: one, nameServers: ["a:1"], acl: ${acl} }\n`, mode),
});
const aclOf = (env: Record<string, string>) => readSettings(env).clusters[0]?.acl;

describe('credentials of a cluster', () => {
  it('stand in the file, in a file of their own, or in a variable', () => {
    const secretFile = file('secret', `${CANARY}\n`);
    const ways = [
      aclOf(configured(`{ accessKey: me, secretKey: ${CANARY} }`)),
      aclOf(configured(`{ accessKey: me, secretKeyFile: ${secretFile} }`)),
      aclOf({ ...configured('{ accessKeyEnv: WHO, secretKeyEnv: WHAT }'), WHO: 'me', WHAT: CANARY }),
      aclOf({ ...ONE, REDRIVE_ACL_ACCESS_KEY: 'me', REDRIVE_ACL_SECRET_KEY: CANARY }),
      aclOf({ ...ONE, REDRIVE_ACL_ACCESS_KEY: 'me', REDRIVE_ACL_SECRET_KEY_FILE: secretFile }),
    ];
    expect(ways.map((acl) => [acl?.accessKey, acl?.secretKey.reveal()])).toEqual(ways.map(() => ['me', CANARY]));
  });

  it.each([
    ['half of them', '{ accessKey: me }', /one acl\.secretKey is missing/],
    ['two sources', `{ accessKey: me, secretKey: ${CANARY}, secretKeyEnv: X }`, /acl\.secretKey is given twice/],
    ['a variable that is not set', '{ accessKey: me, secretKeyEnv: NOT_SET }', /variable NOT_SET, which is not set/],
    ['a file that is not there', '{ accessKey: me, secretKeyFile: /nowhere/x }', /acl\.secretKeyFile: ENOENT/],
    ['a key that does not exist', `{ accessKey: me, secret: ${CANARY} }`, /acl .*[Uu]nrecognized key/],
    ['a secret of the wrong type', `{ accessKey: me, secretKey: [${CANARY}] }`, /acl\.secretKey is wrong/],
    ['a line that is no YAML', `{ accessKey: me, secretKey: "${CANARY}`, /could not be read/],
  ])('are refused with the key and without the value: %s', (_, acl, sentence) => {
    const env = configured(acl);
    expect(() => readSettings(env)).toThrow(sentence);
    expect(() => readSettings(env)).not.toThrow(CANARY);
  });

  it('are warned about when others may read their file', () => {
    const open = file('open', CANARY, 0o644);
    const warned = (env: Record<string, string>) => readSettings(env).warnings.join();
    expect(warned({ ...ONE, REDRIVE_ACL_ACCESS_KEY: 'me', REDRIVE_ACL_SECRET_KEY_FILE: open })).toMatch(
      /REDRIVE_ACL_SECRET_KEY_FILE: .*open holds a secret and may be read by every account/,
    );
    expect(warned(configured(`{ accessKey: me, secretKey: ${CANARY} }`, 0o644))).toMatch(
      /redrive\.yaml holds a secret/,
    );
    expect(warned(configured(`{ accessKey: me, secretKey: ${CANARY} }`))).toBe('');
    expect(warned({ ...ONE, REDRIVE_TLS_KEY: open })).toMatch(/default tls\.key: .*open holds a secret/);
  });
});

describe('TLS of the one cluster', () => {
  it('is on with any of its variables, and off without', () => {
    const tlsOf = (env: object) => readSettings({ ...ONE, ...env }).clusters[0]?.tls;
    expect(tlsOf({})).toBeUndefined();
    expect(tlsOf({ REDRIVE_TLS: 'true' })).toMatchObject({ insecureSkipVerify: false });
    expect(tlsOf({ REDRIVE_TLS_CA: '/ca.pem', REDRIVE_TLS_SERVER_NAME: 'mq.test' })).toMatchObject({
      ca: '/ca.pem',
      serverName: 'mq.test',
    });
    expect(tlsOf({ REDRIVE_TLS_INSECURE_SKIP_VERIFY: 'true' })).toMatchObject({ insecureSkipVerify: true });
  });
});

describe('a secret', () => {
  it('prints nothing of itself, however it is shown', () => {
    const secret = new Secret(CANARY);
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    log.error({ acl: { secret }, err: Object.assign(new Error('x'), { secret }) }, 'failed');
    const shown = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })];
    for (const text of [...shown, ...lines]) {
      expect(text).toContain('[redacted]');
      expect(text).not.toContain(CANARY);
    }
    expect(secret.reveal()).toBe(CANARY);
  });
});
