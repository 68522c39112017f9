import { DomainError } from '../errors';

/** A name, a place in an array, or every element. */
export type Step = string | number | typeof EACH;
export const EACH = Symbol('every element');

const STEP = /\.?([^.[\]"'\s][^.[\]]*)|\[(?:(\d{1,9})|(\*)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\]/y;

/**
 * Reads `order.items[0].sku`, `items[*].sku` or `["odd.name"]`, with or without a leading `$`. No filters, slices or
 * descent: what a path costs is bounded by the body it is looked up in. INVALID for anything else.
 */
export function parsePath(path: string): Step[] {
  const whole = path.trim();
  const text = whole.replace(/^\$(?=[.[])/, '');
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const found = STEP.exec(text);
    // Only what follows a step may begin with a dot, and a name has to.
    const isJoined = found?.[1] === undefined || (text[at] === '.' ? at > 0 || whole.startsWith('$') : at === 0);
    if (!found || !isJoined) throw new DomainError('INVALID', 'bad_json_path', { path });
    const [, name, index, each, double, single] = found;
    if (each) steps.push(EACH);
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(name?.trim() ?? (double ?? single ?? '').replace(/\\(.)/g, '$1'));
  }
  if (steps.length === 0) throw new DomainError('INVALID', 'bad_json_path', { path });
  return steps;
}

/** What lies at a path; `[*]` makes it several. */
export function valuesAt(root: unknown, steps: readonly Step[]): unknown[] {
  let values = [root];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of values) {
      if (typeof value !== 'object' || value === null) continue;
      if (step === EACH) for (const each of Array.isArray(value) ? value : Object.values(value)) next.push(each);
      else if (typeof step === 'number') {
        if (Array.isArray(value) && step < value.length) next.push(value[step]);
      } else if (!Array.isArray(value) && Object.hasOwn(value, step)) next.push(value[step as keyof typeof value]);
    }
    values = next;
  }
  return values;
}

const PARTS: ReadonlySet<number> = new Set(Buffer.from(',[{'));

/** Whether JSON may hold more than so many lists, objects and values: parsing a million of them takes a second. */
export function hasMoreParts(body: Uint8Array, most: number): boolean {
  let parts = 0;
  for (const byte of body) if (PARTS.has(byte) && ++parts > most) return true;
  return false;
}

// Not the digits behind a point or in an exponent.
const LONG = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** JSON whose integers beyond 2^53 stay as they are written, as text. Throws `SyntaxError`. */
export function parseJson(text: string): unknown {
  let quoted = '';
  let done = 0;
  // The string that begins next, of all before the number at hand.
  let from = nextQuote(text, 0);
  let end = -1;
  for (const { 0: digits, index } of text.matchAll(LONG)) {
    while (from < index) {
      end = endOfString(text, from);
      from = nextQuote(text, end + 1);
    }
    if (index < end) continue;
    quoted += `${text.slice(done, index)}"${digits}"`;
    done = index + digits.length;
  }
  return JSON.parse(done === 0 ? text : quoted + text.slice(done));
}

function nextQuote(text: string, from: number): number {
  const at = text.indexOf('"', from);
  return at === -1 ? text.length : at;
}

const [QUOTE, BACKSLASH] = [34, 92];

/** Place of the quote that ends the string which begins at `from`; the end of a text that is cut. */
export function endOfString(text: string, from: number): number {
  let at = from + 1;
  for (; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === BACKSLASH) at += 1;
    else if (sign === QUOTE) break;
  }
  return at;
}
