import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DYNAMIC_FAMILIES } from './families';
import { MESSAGES } from './messages';

const ROOTS = ['app', 'components', 'lib'];

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.(test|d)\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
function keys(value: unknown, prefix: string): string[] {
  if (typeof value === 'string') return [prefix];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
    keys(inner, prefix ? `${prefix}.${key}` : key),
  );
}

const known = new Set(keys(MESSAGES.en, ''));
const used = new Set<string>();
const computed: { file: string; prefix: string }[] = [];

/** `const t = useT('noun')`, `const t = translator(locale, 'noun')`, `t: T<'noun'>`; then t('key'), t.rich('key'), t(`family.${x}`). */
for (const file of ROOTS.flatMap(sources)) {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const names = new Map<string, Set<string>>();
  const learn = (name: string | undefined, namespace: string | undefined) => {
    if (name && namespace) names.set(name, (names.get(name) ?? new Set()).add(namespace));
  };
  for (const [, name, namespace] of text.matchAll(/const (\w+) =\s*useT\('([\w-]+)'\)/g)) learn(name, namespace);
  for (const [, name, namespace] of text.matchAll(/const (\w+) =\s*translator\([^']*'([\w-]+)',?\s*\)/g))
    learn(name, namespace);
  for (const [, name, namespace] of text.matchAll(/(\w+)\??: T<'([\w-]+)'>/g)) learn(name, namespace);
  for (const [name, namespaces] of names) {
    const call = `(?<![\\w.])${name}(?:\\.rich|\\.markup|\\.has|\\.raw)?\\(\\s*`;
    // Also the keys of a choice: t(isOn ? 'a' : 'b').
    for (const [, argument = ''] of text.matchAll(new RegExp(`${call}([^),{]*?['][^){]*?)[,)]`, 'g')))
      for (const [, key] of argument.matchAll(/'([\w.]+)'/g))
        for (const namespace of namespaces)
          if (namespaces.size === 1 || known.has(`${namespace}.${key}`)) used.add(`${namespace}.${key}`);
    for (const [, prefix = ''] of text.matchAll(new RegExp(`${call}\`([\\w.]*)\\$\\{`, 'g')))
      for (const namespace of namespaces)
        if (namespaces.size === 1 || [...known].some((key) => key.startsWith(`${namespace}.${prefix}`)))
          computed.push({ file, prefix: `${namespace}.${prefix}`.replace(/\.$/, '') });
  }
  for (const [, key] of text.matchAll(/new DomainError\(\s*'\w+',\s*'(\w+)'/g)) used.add(`errors.${key}`);
}
const below = (key: string, families: readonly string[]) =>
  families.some((family) => key === family || key.startsWith(`${family}.`));

it('every key that code asks for exists', () => {
  expect([...used].filter((key) => !known.has(key))).toEqual([]);
});
it('every computed key belongs to a declared family', () => {
  expect(computed.filter(({ prefix }) => !below(prefix, DYNAMIC_FAMILIES))).toEqual([]);
});
it('no key is unused', () => {
  expect([...known].filter((key) => !used.has(key) && !below(key, DYNAMIC_FAMILIES))).toEqual([]);
});
