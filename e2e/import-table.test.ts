import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'redrive-import-table-'));
for (const file of ['biome.json', '.gitignore']) cpSync(file, path.join(folder, file));
afterAll(() => rmSync(folder, { recursive: true }));

/** Lints source text as if it stood at `place`, under the project's own rules, and answers what was found. */
function lint(place: string, source: string): string {
  const file = path.join(folder, place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, source);
  const { stdout, stderr } = spawnSync(path.resolve('node_modules/.bin/biome'), ['lint', place], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(file);
  return stdout + stderr;
}

const FORBIDDEN: [place: string, from: string][] = [
  ['lib/remoting/planted.ts', 'zod'],
  ['lib/remoting/planted.ts', '../rocketmq/codes'],
  ['lib/rocketmq/planted.ts', '@/lib/domain/ctx'],
  ['lib/rocketmq/requests/planted.ts', '../../store/open'],
  ['lib/store/planted.ts', '@/lib/rocketmq/client'],
  ['lib/contract/planted.ts', '../domain/ctx'],
  ['lib/domain/lag/planted.ts', '../../server/runtime'],
  ['lib/domain/lag/planted.ts', 'next/headers'],
  ['lib/server/planted.ts', 'react'],
  ['lib/server/planted.ts', '@/components/ui/button'],
  ['lib/format/planted.ts', 'react'],
  ['lib/queries/planted.ts', '@/lib/server/endpoint'],
  ['components/lag/planted.tsx', '@/lib/domain/lag/get'],
  ['components/lag/planted.tsx', '../../lib/server/endpoint'],
  ['app/api/lag/planted.ts', '@/lib/domain/lag/get'],
  ['app/(console)/planted.tsx', '@/lib/store/open'],
  ['e2e/planted.ts', '@/lib/server/endpoint'],
  ['e2e/planted.ts', '@/components/ui/button'],
];

describe('the import table', () => {
  it.each(FORBIDDEN)('refuses in %s an import of %s', (place, from) => {
    expect(lint(place, `import { planted } from '${from}';\n\nexport const used = planted;\n`)).toContain(
      'noRestrictedImports',
    );
  });

  it('lets a domain verb import the RocketMQ client', () => {
    const source =
      "import type { RocketMQClient } from '@/lib/rocketmq/client';\n\nexport type Client = RocketMQClient;\n";
    expect(lint('lib/domain/lag/planted.ts', source)).not.toContain('noRestrictedImports');
  });

  it('lets nobody but mutation() mint a write capability', () => {
    const source =
      "import { mintWriteCapability } from '@/lib/rocketmq/write-capability';\n\nexport const mint = mintWriteCapability;\n";
    expect(lint('lib/domain/redrive/planted.ts', source)).toContain('Only mutation() mints');
    expect(lint('lib/domain/mutation.ts', source)).not.toContain('Only mutation() mints');
  });

  it('refuses fetch in a component', () => {
    expect(lint('components/lag/planted.tsx', "export const load = () => fetch('/api/groups');\n")).toContain(
      'noRestrictedGlobals',
    );
  });
});
