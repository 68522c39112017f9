// After `next build`: makes the standalone folder whole, and takes out scripts that no supported browser runs.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const standalone = path.join(root, '.next/standalone');

for (const part of ['.next/static', 'public']) {
  if (existsSync(path.join(root, part)))
    cpSync(path.join(root, part), path.join(standalone, part), { recursive: true });
}

// Next's polyfills are for browsers without modules; each of our browserslist has them. No setting leaves them out.
const built = path.join(standalone, '.next');
const polyfills = new Set();
for (const file of filesBelow(path.join(built, 'server'), 'build-manifest.json').concat(
  path.join(built, 'build-manifest.json'),
)) {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const polyfill of manifest.polyfillFiles ?? []) polyfills.add(polyfill);
  writeFileSync(file, JSON.stringify({ ...manifest, polyfillFiles: [] }));
}
for (const file of filesBelow(path.join(built, 'server'), '.html')) {
  const html = readFileSync(file, 'utf8');
  writeFileSync(file, html.replace(/<script\b[^>]*\bnomodule\b[^>]*><\/script>/gi, ''));
}
for (const polyfill of polyfills) rmSync(path.join(built, polyfill), { force: true });
if (polyfills.size === 0) {
  console.error('No build manifest names polyfills any more: lib/finish-build.mjs has to learn where Next keeps them.');
  process.exit(1);
}

function filesBelow(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(folder, name));
}
