import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from './env';

const LOOPBACK = { HOSTNAME: '127.0.0.1' };
const withFile = (text: string) => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'redrive-env-')), 'redrive.yaml');
  writeFileSync(file, text);
  return { ...LOOPBACK, REDRIVE_CONFIG: file };
};

describe('readSettings', () => {
  it('takes one cluster from NAMESRV_ADDR, separated by semicolon or comma', () => {
    const { clusters, port } = readSettings({ ...LOOPBACK, NAMESRV_ADDR: 'a:9876;b:9876', PORT: '8081' });
    expect(clusters[0]).toMatchObject({ name: 'default', nameServers: ['a:9876', 'b:9876'], readOnly: false });
    expect(port).toBe(8081);
  });

  it('says what to set when no cluster is named', () => {
    expect(() => readSettings(LOOPBACK)).toThrow(/NAMESRV_ADDR is not set\. Start with/);
  });

  it.each([
    [{ NAMESRV_ADDR: 'nonsense' }, /NAMESRV_ADDR.* is not host:port/],
    [{ NAMESRV_ADDR: 'a:99999' }, /NAMESRV_ADDR.* names a port above 65535/],
    [{ NAMESRV_ADDR: 'a:9876', PORT: '99999' }, /^PORT /],
    [{ NAMESRV_ADDR: 'a:9876', REDRIVE_SWEEP_MS: '10' }, /^REDRIVE_SWEEP_MS is under 1000/],
    [{ NAMESRV_ADDR: 'a:9876', REDRIVE_BROKER_RATE: '1' }, /^REDRIVE_BROKER_RATE is under 50 requests per second/],
    [{ NAMESRV_ADDR: 'a:9876', REDRIVE_BROKER_IN_FLIGHT: '0' }, /^REDRIVE_BROKER_IN_FLIGHT /],
    [{ NAMESRV_ADDR: 'a:9876', REDRIVE_AUDIT_BODY_READS: 'some' }, /^REDRIVE_AUDIT_BODY_READS /],
    [{ NAMESRV_ADDR: 'a:9876', REDRIVE_ADDRESS_MAP: 'a:1' }, /^REDRIVE_ADDRESS_MAP.* is not advertised=reachable/],
  ])('names the key that is wrong: %o', (env, sentence) => {
    expect(() => readSettings({ ...LOOPBACK, ...env })).toThrow(sentence);
  });

  describe('for a console that others reach', () => {
    const others = (env: object) => readSettings({ HOSTNAME: '0.0.0.0', NAMESRV_ADDR: 'a:9876', ...env });

    it('wants to know under what address', () => {
      expect(() => others({})).toThrow(/HOST is 0\.0\.0\.0, .* REDRIVE_ORIGIN/);
      expect(() => others({ REDRIVE_ORIGIN: 'console.example' })).toThrow(/REDRIVE_ORIGIN is not http/);
    });

    it.each(['http', 'https'])('C22 does not send passwords in clear because nobody thought of it (%s)', (scheme) => {
      expect(() => others({ REDRIVE_ORIGIN: `${scheme}://console.example` })).toThrow(
        /in clear\. Give the console a certificate .* or put a proxy/,
      );
    });

    it('C22 takes a certificate of its own only when it is really used', () => {
      const own = {
        REDRIVE_ORIGIN: 'https://console.example',
        REDRIVE_HTTPS_CERT: 'c.pem',
        REDRIVE_HTTPS_KEY: 'k.pem',
      };
      expect(() => others(own)).toThrow(/this server speaks plain HTTP/);
      const listens = Symbol.for('redrive.https');
      Object.assign(globalThis, { [listens]: true });
      try {
        expect(others(own).origin).toBe('https://console.example');
        expect(() => others({ ...own, REDRIVE_HTTPS_KEY: '' })).toThrow(/REDRIVE_HTTPS_KEY is missing/);
        expect(() => others({ ...own, REDRIVE_ORIGIN: 'http://console.example' })).toThrow(/begins with http:/);
      } finally {
        Reflect.deleteProperty(globalThis, listens);
      }
    });

    it('C22 takes a proxy that speaks TLS, or plain HTTP that is meant', () => {
      const proxied = others({ REDRIVE_ORIGIN: 'https://console.example', REDRIVE_BEHIND_TLS: 'true' });
      expect(proxied.origin).toBe('https://console.example');
      const plain = others({ REDRIVE_ORIGIN: 'http://console.example:8080', REDRIVE_ALLOW_PLAIN_HTTP: 'true' });
      expect(plain.origin).toBe('http://console.example:8080');
      expect(() => others({ REDRIVE_ORIGIN: 'http://console.example', REDRIVE_BEHIND_TLS: 'true' })).toThrow(
        /in clear/,
      );
    });
  });

  it('adds roles of the file to the built-in ones; a pattern of groups alone gives no topics', () => {
    const { access } = readSettings(
      withFile(`clusters: [{ name: a, nameServers: ["a:9876"] }]
access: { roles: { pay: [{ allow: ["metadata:read"], groups: ["pay-*"] }] } }`),
    );
    expect(access.roles.pay).toEqual([{ allow: ['metadata:read'], clusters: ['*'], groups: ['pay-*'], topics: [] }]);
    expect(Object.keys(access.roles)).toEqual(expect.arrayContaining(['viewer', 'operator', 'admin']));
  });

  it.each([
    ['access: { roles: { admin: [{ allow: ["administer"] }] } }', /built-in role/],
    ['access: { roles: { pay: [{ allow: ["everything"] }] } }', /access\.roles\.pay\.0\.allow/],
    ['access: { roles: { pay: [{ allow: ["administer"], group: ["a"] }] } }', /access\.roles\.pay/],
  ])('refuses roles that cannot be meant: %s', (text, sentence) => {
    expect(() => readSettings({ ...withFile(text), NAMESRV_ADDR: 'a:9876' })).toThrow(sentence);
  });

  describe('an OpenID provider', () => {
    const read = (access: object, env: object = {}) =>
      readSettings({ ...withFile(JSON.stringify({ access })), NAMESRV_ADDR: 'a:9876', ...env }).access;
    const oidc = {
      issuer: 'https://idp.example/ops',
      clientId: 'redrive',
      roles: { sre: 'operator', leads: ['admin'] },
    };

    it('gives roles by group, and keeps its secret to itself', () => {
      const given = read({ oidc: { ...oidc, clientSecretEnv: 'S' } }, { S: 'canary' });
      expect(given.oidc).toMatchObject({ label: 'idp.example', roles: { sre: ['operator'], leads: ['admin'] } });
      expect(given.oidc?.clientSecret?.reveal()).toBe('canary');
      expect(JSON.stringify(given)).not.toContain('canary');
      expect(
        read({ oidc: { ...oidc, issuer: 'http://localhost:9000' }, passwordSignIn: false }).hasPasswordSignIn,
      ).toBe(false);
    });

    it.each([
      [{ oidc: { ...oidc, issuer: 'http://idp.example' } }, /access\.oidc\.issuer is plain HTTP/],
      [{ oidc: { ...oidc, issuer: 'idp.example' } }, /access\.oidc\.issuer is not the address/],
      [
        { oidc: { ...oidc, roles: { sre: 'operatr' } } },
        /access\.oidc\.roles names the role operatr.* viewer, operator/,
      ],
      [{ oidc: { ...oidc, roles: {} } }, /access\.oidc\.roles names no group/],
      [{ oidc: { ...oidc, clientSecret: 'a', clientSecretEnv: 'b' } }, /access\.oidc\.clientSecret is given twice/],
      [{ oidc: { ...oidc, clientSecretEnv: 'NOT_SET' } }, /names the variable NOT_SET, which is not set/],
      [{ passwordSignIn: false }, /access\.passwordSignIn is false, .* nobody could/],
      [{ oidc: { ...oidc, roles: { sre: 'operator' } }, passwordSignIn: false }, /access\.passwordSignIn is false/],
    ])('is refused where it cannot be meant: %j', (access, sentence) => {
      expect(() => read(access)).toThrow(sentence);
    });
  });

  it('refuses an unset host: the server behind it would listen everywhere', () => {
    expect(() => readSettings({ NAMESRV_ADDR: 'a:9876' })).toThrow(/HOST is 0\.0\.0\.0/);
  });

  it('lets a crash test say where to crash, and refuses it anywhere else', () => {
    const crashing = { ...LOOPBACK, NAMESRV_ADDR: 'a:9876', REDRIVE_CRASH_AT: 'during_lane_scan:2' };
    expect(() => readSettings(crashing)).toThrow(/REDRIVE_CRASH_AT makes the process kill itself/);
    expect(readSettings({ ...crashing, REDRIVE_CRASH_TEST: 'true' }).crashAt).toEqual({
      point: 'during_lane_scan',
      count: 2,
    });
    const unknown = { ...crashing, REDRIVE_CRASH_TEST: 'true', REDRIVE_CRASH_AT: 'somewhere' };
    expect(() => readSettings(unknown)).toThrow(/^REDRIVE_CRASH_AT/);
    expect(readSettings({ ...LOOPBACK, NAMESRV_ADDR: 'a:9876' }).crashAt).toBeUndefined();
    const full = { ...LOOPBACK, NAMESRV_ADDR: 'a:9876', REDRIVE_STORE_PAGES: '200' };
    expect(() => readSettings(full)).toThrow(/REDRIVE_STORE_PAGES makes the store behave as on a full disk/);
    expect(readSettings({ ...full, REDRIVE_CRASH_TEST: 'true' }).storePages).toBe(200);
  });

  it('tells collectors of the audit trail unless told not to', () => {
    const audit = (env: object) => {
      const { auditLog, auditBodyReads } = readSettings({ ...LOOPBACK, NAMESRV_ADDR: 'a:9876', ...env });
      return { auditLog, auditBodyReads };
    };
    expect(audit({})).toEqual({ auditLog: true, auditBodyReads: 'masked' });
    expect(audit({ REDRIVE_AUDIT_LOG: 'false', REDRIVE_AUDIT_BODY_READS: 'all' })).toEqual({
      auditLog: false,
      auditBodyReads: 'all',
    });
  });

  it('reads several clusters from a file and names the faulty key in it', () => {
    const { clusters } = readSettings(
      withFile(
        'clusters:\n  - { name: one, nameServers: ["a:1"], readOnly: true }\n  - { name: two, nameServers: ["b:1"], env: PROD }\n',
      ),
    );
    expect(clusters.map(({ name, readOnly, env }) => [name, readOnly, env])).toEqual([
      ['one', true, undefined],
      ['two', false, 'PROD'],
    ]);
    expect(() => readSettings(withFile('clusters:\n  - { name: one, nameServers: [] }\n'))).toThrow(
      /clusters\.0\.nameServers/,
    );
    expect(() =>
      readSettings(
        withFile('clusters:\n  - { name: one, nameServers: ["a:1"] }\n  - { name: one, nameServers: ["b:1"] }\n'),
      ),
    ).toThrow(/two clusters are called one/);
  });
});
