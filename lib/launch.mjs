// Starts the console: HOST and PORT become what Next's standalone server reads (HOSTNAME and PORT).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { listenWithTls } from './https.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const host = process.env.HOST || '127.0.0.1';
const port = process.env.PORT || '8080';
const env = {
  ...process.env,
  HOSTNAME: host,
  PORT: port,
  NEXT_TELEMETRY_DISABLED: '1',
  REDRIVE_DATA_DIR: path.resolve(process.env.REDRIVE_DATA_DIR || path.join(root, 'data')),
};
for (const name of ['REDRIVE_CONFIG', 'REDRIVE_HTTPS_CERT', 'REDRIVE_HTTPS_KEY'])
  if (env[name]) env[name] = path.resolve(env[name]);

if (process.argv.includes('--dev')) {
  run([path.join(root, 'node_modules/next/dist/bin/next'), 'dev', '-H', host, '-p', port], {
    ...env,
    NODE_ENV: 'development',
  });
} else {
  const standalone = path.join(root, '.next/standalone');
  if (!existsSync(path.join(standalone, '.next/static'))) {
    console.error(
      'Redrive is not built yet. Run `npm run build` first, or `npm run demo` to try it with a sandbox cluster.',
    );
    process.exit(1);
  }
  // Left to themselves V8 and malloc let garbage pile up to several times of what is alive. There is no ceiling but
  // V8's own: a large cluster needs what it needs, and a server that reaches a ceiling is gone.
  const bounds = ['--heap-growing-percent=20', '--initial-old-space-size=64', '--max-semi-space-size=8'];
  const server = path.join(standalone, 'server.js');
  if (bounds.every((bound) => process.execArgv.includes(bound))) {
    // As `npm start` calls it: no second process is needed to set them.
    Object.assign(process.env, env, { NODE_ENV: 'production' });
    if (env.REDRIVE_HTTPS_CERT && env.REDRIVE_HTTPS_KEY) speakTls(env.REDRIVE_HTTPS_CERT, env.REDRIVE_HTTPS_KEY);
    await import(pathToFileURL(server).href);
  } else {
    run([...bounds, fileURLToPath(import.meta.url)], { ...env, MALLOC_ARENA_MAX: '2', NODE_ENV: 'production' });
  }
}

function speakTls(certFile, keyFile) {
  try {
    listenWithTls({ certFile, keyFile });
  } catch (error) {
    console.error(`\nRedrive did not start. ${error.message}\n`);
    process.exit(1);
  }
}

function run(args, childEnv) {
  const child = spawn(process.execPath, args, { cwd: root, env: childEnv, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)));
}
