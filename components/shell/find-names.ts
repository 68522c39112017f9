import type { PaletteHit } from './use-hits';

const PER_KIND = 8;

/** Every typed word must occur; names that begin with the first one lead, then the shorter. */
export function findNames(names: { topics: readonly string[]; groups: readonly string[] }, text: string): PaletteHit[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const best = (kind: PaletteHit['kind'], list: readonly string[]): PaletteHit[] =>
    list
      .filter((name) => words.every((word) => name.toLowerCase().includes(word)))
      .map((name) => ({ name, at: name.toLowerCase().indexOf(words[0] ?? '') }))
      .sort((a, b) => a.at - b.at || a.name.length - b.name.length || a.name.localeCompare(b.name))
      .slice(0, PER_KIND)
      .map(({ name }) => ({ kind, name }));
  return [...best('group', names.groups), ...best('topic', names.topics)];
}
