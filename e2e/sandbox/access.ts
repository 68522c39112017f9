import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ask, type Wire } from './probe';

export interface Account {
  accessKey: string;
  secretKey: string;
}

/** May do everything, and everything that reads. ACL 1.0 takes no name or secret of six characters or fewer. */
export const ADMIN: Account = { accessKey: 'sandbox-admin', secretKey: 'admin-secret-of-the-sandbox' };
export const READER: Account = { accessKey: 'sandbox-reader', secretKey: 'reader-secret-of-the-sandbox' };

const AUTH_CREATE_USER = 3001;
const AUTH_CREATE_ACL = 3006;

/** Broker settings that switch ACL 2.0 on, with {@link ADMIN} as its first user. */
export function acl2Settings(): Record<string, string> {
  const { accessKey, secretKey } = ADMIN;
  const provider = (kind: string, name: string) => `org.apache.rocketmq.auth.${kind}.provider.${name}`;
  return {
    authenticationEnabled: 'true',
    authenticationProvider: provider('authentication', 'DefaultAuthenticationProvider'),
    authenticationMetadataProvider: provider('authentication', 'LocalAuthenticationMetadataProvider'),
    initAuthenticationUser: JSON.stringify({ username: accessKey, password: secretKey }),
    innerClientAuthenticationCredentials: JSON.stringify({ accessKey, secretKey }),
    authorizationEnabled: 'true',
    authorizationProvider: provider('authorization', 'DefaultAuthorizationProvider'),
    authorizationMetadataProvider: provider('authorization', 'LocalAuthorizationMetadataProvider'),
  };
}

/** Makes {@link READER} on a broker: a Normal user that may look at every topic, group and cluster. */
export async function createReader(broker: string, wire: Wire): Promise<void> {
  const { accessKey: username, secretKey: password } = READER;
  await demand(broker, wire, AUTH_CREATE_USER, { username }, { username, password, userType: 'Normal' });
  const allow = (resource: string, actions: string[]) => ({ resource, actions, decision: 'Allow' });
  const entries = [allow('Topic:*', ['Get', 'Sub']), allow('Group:*', ['Get', 'Sub']), allow('Cluster:*', ['Get'])];
  const subject = `User:${username}`;
  await demand(broker, wire, AUTH_CREATE_ACL, { subject }, { subject, policies: [{ policyType: 'Custom', entries }] });
}

async function demand(broker: string, wire: Wire, code: number, fields: Record<string, string>, json: object) {
  const reply = await ask(broker, code, {
    ...wire,
    fields,
    body: Buffer.from(JSON.stringify(json)),
    timeoutMs: 10_000,
  });
  if (reply.code !== 0) throw new Error(`${broker} answered ${code} with ${reply.code}: ${reply.remark}`);
}

export const ACL1_SETTINGS: Record<string, string> = { aclEnable: 'true' };

/** The accounts of ACL 1.0, where a broker of 4.9 looks for them. */
export function writePlainAcl(folder: string): void {
  const lines = [
    'globalWhiteRemoteAddresses: []',
    'accounts:',
    `- accessKey: ${ADMIN.accessKey}`,
    `  secretKey: ${ADMIN.secretKey}`,
    '  admin: true',
    `- accessKey: ${READER.accessKey}`,
    `  secretKey: ${READER.secretKey}`,
    '  admin: false',
    '  defaultTopicPerm: SUB',
    '  defaultGroupPerm: SUB',
  ];
  mkdirSync(path.join(folder, 'conf'), { recursive: true });
  writeFileSync(path.join(folder, 'conf', 'plain_acl.yml'), `${lines.join('\n')}\n`);
}
