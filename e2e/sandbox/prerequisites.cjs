// Plain CommonJS: e2e/run.mjs needs it before anything is installed, the TypeScript of the sandbox afterwards.
const { spawnSync } = require('node:child_process');

const INSTALL = 'apt-get install -y openjdk-17-jdk-headless maven';

/** @param {string} command @param {string[]} args */
function output(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  return result.error || result.status !== 0 ? undefined : `${result.stdout}${result.stderr}`;
}

/** One sentence for the JDK (>= 11), or undefined when it is there. @returns {string | undefined} */
function missingJdk() {
  const version = output('javac', ['-version'])?.match(/javac (\d+)/)?.[1];
  if (version === undefined) return `A JDK (11 or newer) is missing; on Debian or Ubuntu this installs it: ${INSTALL}`;
  if (Number(version) < 11)
    return `The JDK is version ${version}, 11 or newer is needed; on Debian or Ubuntu this installs it: ${INSTALL}`;
  return undefined;
}

/** @returns {string | undefined} */
function missingMaven() {
  if (output('mvn', ['-v']) !== undefined) return undefined;
  return `Maven (mvn) is missing, it fetches RocketMQ once; on Debian or Ubuntu this installs it: ${INSTALL}`;
}

module.exports = { missingJdk, missingMaven };
