import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The last 4.9 whose servers are published as jars. */
export const LEGACY_VERSION = '4.9.7';

/** RocketMQ 4.9 is older than the JDK it runs on here, and wants files that its distribution has and its jars have not. */
export const isLegacy = (version: string): boolean => version.startsWith('4.');

/** It reaches into the JDK to unmap files. */
export const LEGACY_JVM = ['java.nio', 'sun.nio.ch'].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);

export function writeLegacyHome(folder: string): void {
  mkdirSync(path.join(folder, 'conf'), { recursive: true });
  for (const server of ['namesrv', 'broker'])
    writeFileSync(
      path.join(folder, 'conf', `logback_${server}.xml`),
      '<configuration><root level="OFF"/></configuration>\n',
    );
}
