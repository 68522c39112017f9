import 'server-only';
import { readFileSync } from 'node:fs';
import { RocketMQClient } from '@/lib/rocketmq/client';
import { aclSigner } from '@/lib/rocketmq/sign';
import { type ClusterConfig, ConfigurationError } from './env';

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
    signer: acl ? aclSigner(acl) : undefined,
    tls: tls
      ? {
          ...(tls.ca ? { ca: readTlsFile(config, 'ca', tls.ca) } : {}),
          ...(tls.cert ? { cert: readTlsFile(config, 'cert', tls.cert) } : {}),
          ...(tls.key ? { key: readTlsFile(config, 'key', tls.key) } : {}),
          insecureSkipVerify: tls.insecureSkipVerify ?? false,
        }
      : undefined,
  });
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
