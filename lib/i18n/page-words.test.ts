import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FRAME_WORDS } from './page-words';

/** The file a module specifier of ours names; undefined for packages. */
function fileOf(specifier: string, from: string): string | undefined {
  const base = specifier.startsWith('@/')
    ? specifier.slice(2)
    : specifier.startsWith('.')
      ? join(dirname(from), specifier)
      : undefined;
  return base === undefined
    ? undefined
    : [`${base}.tsx`, `${base}.ts`, base].find((file) => existsSync(file) && statSync(file).isFile());
}

/** Nouns whose words the browser may need: those of every module reached from `entry`, lazily loaded ones too. */
function nounsBelow(entry: string): Set<string> {
  const nouns = new Set<string>();
  const seen = new Set<string>();
  const walk = (file: string, isClient: boolean) => {
    const text = readFileSync(file, 'utf8');
    const here = isClient || /^'use client'/.test(text);
    if (seen.has(`${file} ${here}`) || text.includes("import 'server-only'")) return;
    seen.add(`${file} ${here}`);
    if (here)
      for (const [, a, b] of text.matchAll(/useT\(\s*'([\w-]+)'|\bT<'([\w-]+)'>/g)) nouns.add((a ?? b) as string);
    const imports = /^(?:import|export)\s+(?!type\b)[^;]*?from '([^']+)'|import\('([^']+)'\)/gm;
    for (const [, a, b] of text.matchAll(imports)) {
      const next = fileOf((a ?? b) as string, file);
      if (next && /\.tsx?$/.test(next)) walk(next, here);
    }
  };
  walk(entry, false);
  return nouns;
}

function filesBelow(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(file, name) : name.test(entry.name) ? [file] : [];
  });
}

const isOfFrame = (noun: string) => FRAME_WORDS.some((word) => word === noun);

describe('the words sent to the browser', () => {
  it.each(filesBelow('app', /^(?:layout|error|not-found)\.tsx$/))('hold all that %s says', (file) => {
    expect([...nounsBelow(file)].filter((noun) => !isOfFrame(noun))).toEqual([]);
  });

  it.each(filesBelow('app', /^page\.tsx$/))('are exactly those of the modules of %s', (file) => {
    const [, list = ''] = /<Words of=\{\[([^\]]*)\]\}>/.exec(readFileSync(file, 'utf8')) ?? [];
    const sent = [...list.matchAll(/'([\w-]+)'/g)].map(([, noun]) => noun);
    expect(sent.sort()).toEqual([...nounsBelow(file)].filter((noun) => !isOfFrame(noun)).sort());
  });

  it('are looked for where there are some', () => {
    expect(nounsBelow('app/(console)/topics/page.tsx')).toContain('topics');
    expect(nounsBelow('app/(console)/layout.tsx')).toContain('shell');
  });
});
