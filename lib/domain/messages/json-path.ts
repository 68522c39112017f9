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

/** Numbers, and strings, so that what stands in them is passed over. Neither alternative can fail once it has begun: no text takes more than one pass. */
export const NUMBER_IN_JSON = /"(?:[^"\\]+|\\[\s\S])*"?|-?\d+(?:\.\d*)?(?:[eE][+-]?\d*)?/g;
const LONG = /^-?\d{16,}$/;

/** JSON whose integers beyond 2^53 stay as they are written, as text. Throws `SyntaxError`. */
export const parseJson = (text: string): unknown =>
  JSON.parse(
    /\d{16}/.test(text) ? text.replace(NUMBER_IN_JSON, (found) => (LONG.test(found) ? `"${found}"` : found)) : text,
  );
