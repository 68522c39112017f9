import { endOfString } from '@/lib/domain/messages/json-path';

const [QUOTE, COLON, COMMA, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [...'":,[]{}'].map((sign) => sign.charCodeAt(0));

/** Lists, objects and values of a body; a copy of a large message is one of them. */
const MOST_PARTS = 100_000;

/** What is wrong with a text that may be JSON, before it is parsed. */
export type JsonProblem = { key: 'repeated_parameter'; name: string } | { key: 'json_parts'; max: number };

/**
 * Looks for a key that one object holds twice: JSON.parse keeps the last of them and says nothing, and what was checked in
 * front and what is done would be two things. And for so many parts that parsing them would keep everybody waiting. One pass.
 */
export function jsonProblem(json: string): JsonProblem | null {
  const open: (Names | null)[] = [];
  let parts = 0;
  let name: [from: number, to: number] = [0, 0];
  for (let at = 0; at < json.length; at++) {
    const sign = json.charCodeAt(at);
    if (sign === QUOTE) {
      const end = endOfString(json, at);
      name = [at, end];
      at = end;
    } else if (sign === OPEN) open.push(new Names());
    else if (sign === OPEN_LIST) open.push(null);
    else if (sign === CLOSE || sign === CLOSE_LIST) open.pop();
    else if (sign === COLON) {
      const key = keyOf(json.slice(name[0] + 1, name[1]));
      if (open.at(-1)?.had(key)) return { key: 'repeated_parameter', name: key };
    } else if (sign !== COMMA) continue;
    if (sign !== QUOTE && ++parts > MOST_PARTS) return { key: 'json_parts', max: MOST_PARTS };
  }
  return null;
}

/** Of one object; most have few. */
class Names {
  #first: string | undefined;
  #more: Set<string> | undefined;

  had(name: string): boolean {
    if (this.#first === undefined) this.#first = name;
    else if (this.#first === name || this.#more?.has(name)) return true;
    else {
      this.#more ??= new Set();
      this.#more.add(name);
    }
    return false;
  }
}

/** Written in one of many ways: `a` or `\u0061`. */
function keyOf(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
