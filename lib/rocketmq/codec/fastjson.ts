import { CodecError } from './codec-error';
import { canonicalKey, isObject, resolveReferences } from './fastjson-references';

export type FastjsonValue = null | boolean | number | bigint | string | FastjsonValue[] | FastjsonObject | FastjsonMap;
/** Inherits nothing from `Object`; bare integer keys appear as their decimal text. */
export interface FastjsonObject {
  [key: string]: FastjsonValue;
}
export type FastjsonKey = string | FastjsonObject;
/** An object literal with at least one object as key; see {@link canonicalKey} for the map's key. */
export type FastjsonMap = Map<string, { key: FastjsonKey; value: FastjsonValue }>;

const MAX_DEPTH = 100;
/** Long.MIN_VALUE has 20 characters; BigDecimal text of other SDKs gets some room. */
const MAX_INTEGER_LENGTH = 64;

/**
 * Parses a body in the dialect of fastjson 1.2 (`RemotingSerializable`): bare integer keys, objects as
 * keys, `$ref`, 64-bit integers. A string key that itself holds an object counts as an object key,
 * which is how Go and C++ clients write them. Integers beyond 2^53 become bigint.
 *
 * @throws CodecError for anything else than one complete value.
 */
export function parseFastjson(body: Buffer | string): FastjsonValue {
  const text = typeof body === 'string' ? body : body.toString('utf8');
  return new Parser(text).parse();
}

class Parser {
  #at = 0;
  readonly #text: string;
  /** Where each container ended, kept only for texts with references. */
  readonly #endOf: Map<object, number> | undefined;

  constructor(
    text: string,
    readonly outerDepth = 0,
  ) {
    this.#text = text;
    this.#endOf = text.includes('$ref') ? new Map() : undefined;
  }

  parse(): FastjsonValue {
    const value = this.#value(this.outerDepth);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#error('text after the value');
    return this.#endOf ? resolveReferences(value, this.#endOf) : value;
  }

  #value(depth: number): FastjsonValue {
    if (depth > MAX_DEPTH) throw this.#error(`deeper than ${MAX_DEPTH}`);
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): FastjsonObject | FastjsonMap {
    const entries: { key: FastjsonKey; value: FastjsonValue }[] = [];
    let complex = false;
    this.#at += 1;
    this.#skipSpace();
    if (this.#text[this.#at] === '}') this.#at += 1;
    else {
      do {
        const key = this.#key(depth);
        complex ||= typeof key !== 'string';
        this.#expect(':');
        entries.push({ key, value: this.#value(depth + 1) });
      } while (this.#more('}'));
    }
    const result = complex ? toMap(entries) : toObject(entries);
    this.#endOf?.set(result, this.#at);
    return result;
  }

  #key(depth: number): FastjsonKey {
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first === '"') {
      const text = this.#string();
      return text.startsWith('{') ? parseKeyText(text, depth + 1) : text;
    }
    if (first === '{') {
      const key = this.#value(depth + 1);
      if (isObject(key)) return key;
      throw this.#error('a key made of complex keys');
    }
    const bare = this.#match(/-?\d+/y);
    if (bare === undefined) throw this.#error('key expected');
    return bare;
  }

  #array(depth: number): FastjsonValue[] {
    const result: FastjsonValue[] = [];
    this.#at += 1;
    this.#skipSpace();
    if (this.#text[this.#at] === ']') this.#at += 1;
    else
      do result.push(this.#value(depth + 1));
      while (this.#more(']'));
    this.#endOf?.set(result, this.#at);
    return result;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at;
    let end = start + 1;
    let escaped = false;
    for (; end < text.length; end += 1) {
      const unit = text.charCodeAt(end);
      if (unit === 0x22) break;
      if (unit !== 0x5c) continue;
      escaped = true;
      end += 1;
    }
    if (end >= text.length) throw this.#error('string without end');
    this.#at = end + 1;
    const raw = text.slice(start + 1, end);
    return escaped ? this.#unescape(raw) : raw;
  }

  #unescape(raw: string): string {
    return raw.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (_, hex4, hex2, letter) => {
      if (letter === undefined) return String.fromCharCode(Number.parseInt(hex4 ?? hex2, 16));
      const plain = ESCAPES.get(letter);
      if (plain === undefined) throw this.#error(`unknown escape \\${letter}`);
      return plain;
    });
  }

  #number(): number | bigint {
    return this.#shortInteger() ?? this.#anyNumber();
  }

  /** Nearly all numbers of a body, without the cost of a regular expression. */
  #shortInteger(): number | undefined {
    let at = this.#at;
    let value = 0;
    let unit = this.#text.charCodeAt(at);
    for (; unit >= 0x30 && unit <= 0x39; unit = this.#text.charCodeAt(at)) {
      value = value * 10 + unit - 0x30;
      at += 1;
    }
    const digits = at - this.#at;
    if (digits === 0 || digits > 15 || unit === 0x2e || unit === 0x65 || unit === 0x45) return undefined;
    this.#at = at;
    return value;
  }

  #anyNumber(): number | bigint {
    const source = this.#match(/-?\d+(\.\d+)?([eE][+-]?\d+)?/y);
    if (source === undefined) throw this.#error('value expected');
    const value = Number(source);
    if (Number.isSafeInteger(value) || !/^-?\d+$/.test(source)) return value;
    if (source.length > MAX_INTEGER_LENGTH) throw this.#error('integer too long');
    return BigInt(source);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error('value expected');
    this.#at += word.length;
    return value;
  }

  #more(close: string): boolean {
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next !== ',' && next !== close) throw this.#error(`',' or '${close}' expected`);
    this.#at += 1;
    return next === ',';
  }

  #expect(character: string): void {
    this.#skipSpace();
    if (this.#text[this.#at] !== character) throw this.#error(`'${character}' expected`);
    this.#at += 1;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #skipSpace(): void {
    for (let unit = this.#text.charCodeAt(this.#at); ; unit = this.#text.charCodeAt(this.#at)) {
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at += 1;
    }
  }

  #error(reason: string): CodecError {
    return new CodecError('fastjson', this.#text === '' ? 'empty body' : reason, this.#at);
  }
}

const ESCAPES = new Map(
  Object.entries({
    '"': '"',
    '\\': '\\',
    '/': '/',
    "'": "'",
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
  }),
);

function parseKeyText(text: string, depth: number): FastjsonKey {
  try {
    const parsed = new Parser(text, depth).parse();
    return isObject(parsed) ? parsed : text;
  } catch {
    return text;
  }
}

/** Inherits nothing, like `Object.create(null)`, but keeps the engine's fast layout. */
const Bare = function Bare() {} as unknown as new () => FastjsonObject;
Bare.prototype = Object.freeze(Object.create(null));

function toObject(entries: { key: FastjsonKey; value: FastjsonValue }[]): FastjsonObject {
  const result = new Bare();
  for (const { key, value } of entries) result[key as string] = value;
  return result;
}

function toMap(entries: { key: FastjsonKey; value: FastjsonValue }[]): FastjsonMap {
  return new Map(entries.map((entry) => [canonicalKey(entry.key), entry]));
}
