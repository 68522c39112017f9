import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ROOT, SANDBOX } from './paths';
import { missingJdk, missingMaven } from './prerequisites.cjs';

export const DEFAULT_VERSION = '5.5.0';

const POM = path.join(SANDBOX, 'pom.xml');

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
  const jdk = missingJdk();
  if (jdk) throw new Error(jdk);
  const folder = path.join(ROOT, '.cache', 'rocketmq', version);
  const lib = path.join(folder, 'lib');
  const manifestFile = path.join(folder, 'manifest.json');
  const pom = createHash('sha256').update(readFileSync(POM)).digest('hex');
  if (isComplete(manifestFile, lib, pom)) return path.join(lib, '*');

  const maven = missingMaven();
  if (maven) throw new Error(maven);
  console.error(`Fetching RocketMQ ${version} with Maven (about 70 MB, once) …`);
  const staging = `${lib}.${process.pid}`;
  mkdirSync(staging, { recursive: true });
  await copyDependencies(version, staging);
  rmSync(lib, { recursive: true, force: true });
  renameSync(staging, lib);
  const manifest: Manifest = { version, pom, jars: listJars(lib) };
  writeFileSync(manifestFile, JSON.stringify(manifest, null, 1));
  return path.join(lib, '*');
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

function copyDependencies(version: string, folder: string): Promise<void> {
  const args = ['-B', '-q', '-f', POM, 'dependency:copy-dependencies', `-Drocketmq.version=${version}`];
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
