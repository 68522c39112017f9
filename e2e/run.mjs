// npm run demo | npm test | npm run test:security | npm run test:faults | npm run bench: everything a fresh clone needs, in plain Node, because nothing is installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { missingJdk, missingMaven } from './sandbox/prerequisites.cjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = path.join(ROOT, 'test-results');
const CHROMIUM_INSTALL = 'apt-get install -y chromium-headless-shell fonts-liberation fonts-noto-cjk';
/** The one without windows first: it draws the same with a fifth less of a busy machine's time. */
const CHROMIUMS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const BIN = path.join(ROOT, 'node_modules', '.bin');
/** The longest tests of faults, controls and pages take turns from commit to commit: tagged `@turn-1` and so on. */
const TURNS = 3;
/** Set by the signal that ends this process: nothing more is begun. */
let isInterrupted = false;

process.chdir(ROOT);
const [command, ...rest] = process.argv.slice(2);
const commands = { demo, test, security, faults, bench };
if (!Object.hasOwn(commands, command ?? '')) fail('Usage: node e2e/run.mjs demo|test|security|faults|bench');
process.exitCode = await commands[command]();

async function demo() {
  checkMachine();
  await installPackages();
  return run(process.execPath, ['--import', 'tsx', 'e2e/demo.ts', ...rest], {}, true);
}

async function bench() {
  checkMachine();
  await installPackages();
  return run(process.execPath, ['--import', 'tsx', 'e2e/bench/run.ts', ...rest]);
}

async function faults() {
  checkMachine();
  await installPackages();
  return run(process.execPath, ['--import', 'tsx', 'e2e/faults/run.ts', ...rest]);
}

/** The numbered controls of the threat model alone, all of them: their unit tests, and those against the build. */
function security() {
  return test('\\bC[0-4]\\d ');
}

/** Number of the turn that the commit has, or `all`. */
function turnOf() {
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
  const commit = Number.parseInt(stdout?.trim().slice(-6), 16) || 0;
  return process.env.REDRIVE_TEST_TURN ?? String((commit % TURNS) + 1);
}

/** Tags of those whose turn it is not; undefined: all run. */
function othersThan(turn) {
  const others = Array.from({ length: TURNS }, (_, index) => String(index + 1)).filter((other) => other !== turn);
  if (others.length === TURNS) return undefined;
  console.log(`Of the longest tests it is turn ${turn} of ${TURNS}; REDRIVE_TEST_TURN=all runs all of them.`);
  return `@turn-[${others.join('')}]`;
}

/** Every step runs, also after a failed one: one look at the end tells all. `only`: of the titles that it matches. */
async function test(only) {
  checkMachine();
  const [chromium] = await Promise.all([findChromium(), installPackages()]);
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const unitReport = path.join(RESULTS, 'unit.json');
  const browserReport = path.join(RESULTS, 'browser.json');
  // The network is idle while lint, types and unit tests run.
  const jars = run(process.execPath, ['--import', 'tsx', path.join(ROOT, 'e2e/sandbox/fetch.ts')]);
  const unit = ['run', '--config', 'lib/vitest.config.ts', '--reporter=default', '--reporter=json'];
  if (only) unit.push('-t', only);
  const units = () => suite('vitest', [...unit, `--outputFile.json=${unitReport}`], {}, () => countUnit(unitReport));
  const counts = only ? [] : [await check('biome', ['check', '.'])];
  // The types need one processor, and the unit tests wait for much.
  const types = only ? [] : [check('tsc', ['--noEmit', '--incremental', 'false'])];
  if (!isInterrupted) counts.push(...(await Promise.all([...types, units()])));
  await jars;
  if (isInterrupted) return 130;
  // Its dead letters take a while, most of which is waiting.
  const cluster = startCluster();
  const build = await checkNpm('build');
  counts.push(build);
  if (build.failed === 0 && !isInterrupted) {
    const browser = ['test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json', ...rest];
    if (only) browser.push('--grep', only);
    const turn = turnOf();
    const left = only ? undefined : othersThan(turn);
    if (left) browser.push('--grep-invert', left);
    const env = {
      PLAYWRIGHT_CHROMIUM: chromium,
      PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport,
      REDRIVE_E2E_CLUSTER: await cluster.url,
      REDRIVE_FAULT_SEED: process.env.REDRIVE_FAULT_SEED ?? (turn === 'all' ? '1' : turn),
    };
    counts.push(await suite('playwright', browser, env, () => countBrowser(browserReport)));
  } else if (!isInterrupted) {
    console.log('The browser tests need the build; they did not run and count as one failure.');
    counts.push({ passed: 0, failed: 1 });
  }
  await cluster.stop();
  if (isInterrupted) return 130;
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function check(tool, args) {
  title(tool);
  return verdict(await run(path.join(BIN, tool), args));
}

async function checkNpm(script) {
  title(`npm run ${script}`);
  return verdict(await run('npm', ['run', script]));
}

/** It ends with this process, however that goes. One that does not start tells why; Playwright then tries it itself. */
function startCluster() {
  const script = path.join(ROOT, 'e2e/run-cluster.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise((resolve) => child.once('error', resolve).once('exit', resolve));
  return {
    url: Promise.race([new Promise((resolve) => child.once('message', resolve)), exited.then(() => '')]),
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** A suite that fails without a failed test (a crash, no report) is one failure. */
async function suite(tool, args, env, count) {
  title(tool);
  const code = await run(path.join(BIN, tool), args, env);
  let counted = { passed: 0, failed: 0 };
  try {
    counted = count();
  } catch (error) {
    console.log(`${tool} left no report: ${error.message}`);
  }
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function verdict(code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function countUnit(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  return { passed: report.numPassedTests, failed: report.numFailedTests };
}

function countBrowser(file) {
  const { expected, unexpected, flaky } = JSON.parse(readFileSync(file, 'utf8')).stats;
  return { passed: expected, failed: unexpected + flaky };
}

/** All that is missing at once, before anything is downloaded or started. */
function checkMachine() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const missing = [missingJdk(), needsMaven() ? missingMaven() : undefined];
  if (major < 20 || (major === 20 && minor < 9)) {
    missing.unshift(`Node is version ${process.versions.node}, 20.9 or newer is needed; https://nodejs.org has it.`);
  }
  const sentences = missing.filter((sentence) => sentence !== undefined);
  if (sentences.length > 0) fail(sentences.join('\n'));
}

function needsMaven() {
  const versions = ['test', 'security'].includes(command) ? ['5.5.0', '4.9.7'] : ['5.5.0'];
  return versions.some((version) => !existsSync(path.join(ROOT, '.cache', 'rocketmq', version, 'manifest.json')));
}

/**
 * Installs when node_modules is absent or was made from another lock file. Not `npm ci`: it refuses a lock file that
 * leaves out binaries for other platforms, which a registry that mirrors only some of them produces. Versions are exact.
 */
async function installPackages() {
  const installed = path.join(ROOT, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && sameVersions(installed)) return;
  console.log('Installing packages …');
  const code = await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund']);
  if (code !== 0) fail('npm install failed; its output is above.');
}

function sameVersions(installed) {
  const wanted = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) =>
      name === '' || (optional && !present[name]) || present[name]?.version === version,
  );
}

/** The distribution's browser: Playwright's own download is not possible on every machine. */
async function findChromium() {
  const named = process.env.PLAYWRIGHT_CHROMIUM;
  if (named) return existsSync(named) ? named : fail(`PLAYWRIGHT_CHROMIUM names ${named}, which does not exist.`);
  const found = chromiumOnPath();
  const mayInstall = process.getuid?.() === 0 && onPath('apt-get');
  if (found && (!mayInstall || found === onPath(CHROMIUMS[0]))) return found;
  const sentence = `A Chromium is missing for the browser tests; on Debian or Ubuntu this installs it: ${CHROMIUM_INSTALL} (or name one in PLAYWRIGHT_CHROMIUM).`;
  if (!mayInstall) fail(sentence);
  console.log('Installing Chromium from the distribution …');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], env);
  await run('apt-get', CHROMIUM_INSTALL.split(' ').slice(1), env);
  return chromiumOnPath() ?? fail(sentence);
}

function chromiumOnPath() {
  return CHROMIUMS.map(onPath).find((place) => place !== undefined);
}

function onPath(name) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((place) => existsSync(place));
}

/** The exit code. Signals are passed on, and a child with a channel notices when this process is killed. */
function run(program, args, env = {}, channel = false) {
  return new Promise((resolve) => {
    const stdio = channel ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
    const child = spawn(program, args, { stdio, env: { ...process.env, ...env } });
    const passOn = (signal) => {
      isInterrupted = true;
      child.kill(signal);
    };
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    // npm does not pass on what ends it: then this process has another parent.
    const parent = process.ppid;
    const orphaned = setInterval(() => process.ppid !== parent && passOn('SIGTERM'), 500);
    if (!process.env.npm_lifecycle_event) clearInterval(orphaned);
    const end = (code) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      clearInterval(orphaned);
      resolve(code);
    };
    child.once('error', (error) => {
      console.error(`${program}: ${error.message}`);
      end(1);
    });
    child.once('exit', (code) => end(code ?? 1));
  });
}

function title(text) {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}`);
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
