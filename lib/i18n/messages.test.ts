import { describe, expect, it } from 'vitest';
import { chooseLocale } from './locale';
import { MESSAGES } from './messages';
import { errorText, translator } from './translator';

function flatten(value: unknown, prefix = ''): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
    flatten(inner, prefix ? `${prefix}.${key}` : key),
  );
}
const en = new Map(flatten(MESSAGES.en));
const zhCn = new Map(flatten(MESSAGES['zh-CN']));

/** Names of arguments and tags. Branches of a plural or select may differ between languages; `{word}` right after a branch name is text. */
function placeholders(text: string): string[] {
  const found = new Set([...text.matchAll(/<(\w+)>/g)].map((match) => `<${match[1]}>`));
  const read = (from: number): number => {
    let at = from;
    while (at < text.length && text[at] !== '}') {
      if (text[at] !== '{') {
        at += 1;
        continue;
      }
      const [head = '', name = '', kind] = /^\{\s*(\w+)\s*(?:,\s*(\w+)\s*,?)?/.exec(text.slice(at)) ?? [];
      found.add(name);
      at += head.length || 1;
      while (kind && at < text.length && text[at] !== '}') {
        if (text[at] === '{') at = read(at + 1);
        at += 1;
      }
      at += 1;
    }
    return at;
  };
  read(0);
  return [...found].sort();
}

describe('messages', () => {
  it('have the same keys in both languages', () => {
    expect([...zhCn.keys()].sort()).toEqual([...en.keys()].sort());
  });
  it('use the same placeholders and tags', () => {
    const differing = [...en].filter(
      ([key, text]) => placeholders(text).join() !== placeholders(zhCn.get(key) ?? '').join(),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });
  it('take numbers already written, so that groups are the same everywhere', () => {
    const wrong = [...en, ...zhCn].filter(([, text]) => /\{\w+,\s*number|(?<![\w&])#/.test(text));
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
  it('never plead nor exclaim', () => {
    const wrong = [...en].filter(([, text]) => /\bplease\b|successfully|!/i.test(text));
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
  it('parse as ICU', () => {
    const translators = new Map(
      (['en', 'zh-CN'] as const).flatMap((locale) =>
        Object.keys(MESSAGES.en).map((name) => [`${locale} ${name}`, translator(locale, name as 'common')] as const),
      ),
    );
    const fill = new Proxy({}, { get: () => 2, has: () => true });
    for (const [locale, all] of [['en', en] as const, ['zh-CN', zhCn] as const])
      for (const [key, text] of all) {
        const values = Object.fromEntries(
          placeholders(text).map((name) => [name, name.startsWith('<') ? (x: unknown) => x : 2]),
        );
        for (const [name, value] of Object.entries(values)) if (name.startsWith('<')) values[name.slice(1, -1)] = value;
        const [namespace, ...path] = key.split('.');
        const t = translators.get(`${locale} ${namespace}`) as unknown as {
          rich: (path: string, values: object) => unknown;
        };
        expect(() => t.rich(path.join('.'), { ...fill, ...values }), key).not.toThrow();
      }
  });
});

describe('chooseLocale', () => {
  it.each([
    ['zh-CN', 'en', 'zh-CN'],
    [undefined, 'zh-TW,zh;q=0.9,en;q=0.8', 'zh-CN'],
    [undefined, 'de-DE,en;q=0.5,zh;q=0.4', 'en'],
    [undefined, 'fr', 'en'],
    [undefined, null, 'en'],
    ['xx', 'zh', 'zh-CN'],
    [undefined, 'en;q=0, zh;q=0.1', 'zh-CN'],
  ])('cookie %s, header %s → %s', (cookie, header, expected) => {
    expect(chooseLocale(cookie, header)).toBe(expected);
  });
});

describe('errorText', () => {
  it('adds the next step where there is one', () => {
    expect(errorText('en', 'unexpected')).toEqual({
      message: 'Something unexpected happened.',
      hint: expect.stringContaining('Try again'),
    });
  });
  it('says a cause that somebody has to mend, with its own next step', () => {
    const params = { address: 'a:1', request: 'R', cause: 'UNKNOWN_USER', user: 'bob', resource: 'none' };
    expect(errorText('en', 'access_refused', params)).toEqual({
      message: 'a:1 refused R. The broker knows no user bob.',
      hint: expect.stringContaining('acl.accessKey'),
    });
    expect(errorText('zh-CN', 'access_refused', params).message).toContain('Broker 不认识用户 bob。');
    for (const { common } of Object.values(MESSAGES))
      expect(Object.keys(common.causeNext)).toEqual(Object.keys(common.cause));
  });
  it('shows the key when there is no text', () => {
    expect(errorText('zh-CN', 'no_such_key')).toEqual({ message: 'no_such_key' });
  });
});
