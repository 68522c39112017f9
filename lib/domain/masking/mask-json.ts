import { MASKED } from '@/lib/contract/masking';
import { EACH, type Step } from '../messages/json-path';

/** Also strings, so that what stands in them is passed over. No alternative can fail once it has begun: no text takes more than one pass. */
const NUMBER_IN_JSON = /"(?:[^"\\]+|\\[\s\S])*"?|-?\d+(?:\.\d*)?(?:[eE][+-]?\d*)?/g;
/** Stands before the text of a number, so that it comes out as it went in; from Unicode's private use. */
const NUMBER_MARK = '\ue0f1';
const MARKED = new RegExp(`"${NUMBER_MARK}([^"]*)"`, 'g');

/**
 * JSON with what lies at the paths replaced. Numbers stay as they were written, blanks between tokens do not, of
 * repeated names the last one counts. Text that a path would lead through is replaced as a whole. Null for a text that is
 * no JSON, or cannot be written again: then nobody knows where the paths are.
 */
export function maskJson(text: string, paths: readonly (readonly Step[])[]): string | null {
  if (text.includes(NUMBER_MARK) || /\\ue0f1/i.test(text)) return null;
  try {
    // What is no JSON must not become it.
    JSON.parse(text);
    const marked = text.replace(NUMBER_IN_JSON, (found) => (found[0] === '"' ? found : `"${NUMBER_MARK}${found}"`));
    const holder = { root: JSON.parse(marked) as unknown };
    for (const steps of paths) hide(holder, ['root', ...steps]);
    return JSON.stringify(holder.root).replace(MARKED, '$1');
  } catch {
    // Also what is nested too deep to be written again, and what cannot be replaced, such as the length of a list.
    return null;
  }
}

/** Where a path goes on it may hold what it leads to, as JSON within JSON. */
const isText = (value: unknown): boolean => typeof value === 'string' && !value.startsWith(NUMBER_MARK);

function hide(value: unknown, [step, ...rest]: readonly Step[]): void {
  if (typeof value !== 'object' || value === null || step === undefined) return;
  const all = value as Record<string | number, unknown>;
  const names = step === EACH ? Object.keys(all) : Object.hasOwn(all, step) ? [step] : [];
  for (const name of names) {
    if (rest.length === 0 || isText(all[name])) all[name] = MASKED;
    else hide(all[name], rest);
  }
}
