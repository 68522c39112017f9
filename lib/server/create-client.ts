import 'server-only';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type ClientOptions, RocketMQClient } from '@/lib/rocketmq/client';
import { aclSigner, type Signer } from '@/lib/rocketmq/sign';
import type { AclConfig, TlsConfig } from './cluster-access';
import { ConfigurationError } from './configuration-error';
import type { ClusterConfig } from './env';

type TlsOptions = NonNullable<ClientOptions['tls']>;

/** Left on a broker's connection for pages, beside a sweep that takes all of its own. */
const PAGES_IN_FLIGHT = 16;

/** The client of a configured cluster. TLS files are read once, at start. */
export function createClient(config: ClusterConfig, sweepInFlight: number): RocketMQClient {
  const { tls, acl } = config;
  return new RocketMQClient({
    name: config.name,
    nameServers: config.nameServers,
    addressMap: config.addressMap,
    allow: config.allow,
    readOnly: config.readOnly,
    inFlightPerBroker: sweepInFlight + PAGES_IN_FLIGHT,
    signer: acl && signerOf(acl),
    tls: tls && tlsOf(config, tls),
  });
}

function signerOf({ accessKey, secretKey, securityToken }: AclConfig): Signer {
  return aclSigner({
    accessKey,
    secretKey: secretKey.reveal(),
    ...(securityToken && { securityToken: securityToken.reveal() }),
  });
}

function tlsOf(
  config: ClusterConfig,
  { ca, cert, key, serverName, insecureSkipVerify = false }: TlsConfig,
): TlsOptions {
  const files = {
    ...(ca && { ca: readTlsFile(config, 'ca', ca) }),
    ...(cert && { cert: readTlsFile(config, 'cert', cert) }),
    ...(key && { key: readTlsFile(config, 'key', key) }),
  };
  try {
    createSecureContext(files);
  } catch (error) {
    throw new ConfigurationError(`clusters.${config.name}.tls cannot be used: ${(error as Error).message}.`);
  }
  return { ...files, ...(serverName && { serverName }), insecureSkipVerify };
}

function readTlsFile(config: ClusterConfig, key: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigurationError(
      `clusters.${config.name}.tls.${key}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
