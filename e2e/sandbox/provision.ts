import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT, SANDBOX } from './paths';
import { missingJdk, missingMaven } from './prerequisites.cjs';

export const DEFAULT_VERSION = '5.5.0';

const POM = path.join(SANDBOX, 'pom.xml');
const GRPC_POM = path.join(SANDBOX, 'pom-grpc.xml');

interface Manifest {
  version: string;
  pom: string;
  jars: { name: string; bytes: number }[];
}

/**
 * RocketMQ's jars of one version in `.cache/rocketmq/<version>/lib`, fetched by Maven once.
 * Answers the Java class path. A second call compares the manifest with the folder and fetches nothing.
 */
export async function provision(version = DEFAULT_VERSION): Promise<string> {
  return path.join(await fetchOnce(version, 'lib', 'manifest.json', POM, 70), '*');
}

/**
 * The Proxy's and the gRPC client's class paths, in `.cache/rocketmq/<version>/grpc`: apart from the broker's, which would
 * take the Proxy's logging, and apart from each other.
 */
export async function provisionGrpc(version = DEFAULT_VERSION): Promise<{ proxy: string; client: string }> {
  const servers = await provision(version);
  const folder = await fetchOnce(version, 'grpc', 'manifest-grpc.json', GRPC_POM, 40);
  const jars = listJars(folder).map(({ name }) => name);
  const isClient = (name: string) => name.startsWith('rocketmq-client-java-');
  const at = (names: string[]) => names.map((name) => path.join(folder, name));
  return {
    proxy: [...at(jars.filter((name) => !isClient(name))), servers].join(path.delimiter),
    client: at(jars.filter(isClient)).join(path.delimiter),
  };
}

/** The folder with the jars of the pom. */
async function fetchOnce(version: string, name: string, manifestName: string, file: string, megabytes: number) {
  const jdk = missingJdk();
  if (jdk) throw new Error(jdk);
  const folder = path.join(ROOT, '.cache', 'rocketmq', version);
  const lib = path.join(folder, name);
  const manifestFile = path.join(folder, manifestName);
  const pom = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (isComplete(manifestFile, lib, pom)) return lib;

  const maven = missingMaven();
  if (maven) throw new Error(maven);
  console.error(`Fetching RocketMQ ${version} (${name}) with Maven (about ${megabytes} MB, once) …`);
  const staging = `${lib}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  await copyDependencies(file, version, staging);
  rmSync(lib, { recursive: true, force: true });
  renameSync(staging, lib);
  const manifest: Manifest = { version, pom, jars: listJars(lib) };
  writeFileSync(manifestFile, JSON.stringify(manifest, null, 1));
  return lib;
}

function isComplete(manifestFile: string, lib: string, pom: string): boolean {
  if (!existsSync(manifestFile) || !existsSync(lib)) return false;
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
  return manifest.pom === pom && JSON.stringify(manifest.jars) === JSON.stringify(listJars(lib));
}

function listJars(lib: string): Manifest['jars'] {
  const names = readdirSync(lib).filter((name) => name.endsWith('.jar'));
  return names.sort().map((name) => ({ name, bytes: statSync(path.join(lib, name)).size }));
}

function copyDependencies(pom: string, version: string, folder: string): Promise<void> {
  const args = ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', `-Drocketmq.version=${version}`];
  const maven = spawn('mvn', [...args, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Even in batch mode and without colour it ends with a reset of the terminal.
  maven.stdout.setEncoding('utf8').on('data', (text: string) => process.stdout.write(stripVTControlCharacters(text)));
  return new Promise((resolve, reject) => {
    maven.once('error', reject);
    maven.once('exit', (code) => {
      if (code === 0) return resolve();
      rmSync(folder, { recursive: true, force: true });
      reject(new Error(`Maven could not fetch RocketMQ ${version} (exit code ${code}); its output is above.`));
    });
  });
}
