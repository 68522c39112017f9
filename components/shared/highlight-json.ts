export type Token = { kind: 'key' | 'string' | 'number' | 'literal' | 'plain'; text: string };
/** `closes`: index of the line that ends what this line opens. `inner`: how many entries it holds. */
export type JsonLine = { tokens: Token[]; closes: number | null; inner: number; isList: boolean };

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;

function tokens(line: string): Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(TOKEN)) {
    if (match.index > end) found.push({ kind: 'plain', text: line.slice(end, match.index) });
    const [whole, text, colon, number] = match;
    if (text !== undefined && colon !== undefined) found.push({ kind: 'key', text }, { kind: 'plain', text: colon });
    else found.push({ kind: text !== undefined ? 'string' : number !== undefined ? 'number' : 'literal', text: whole });
    end = match.index + whole.length;
  }
  if (end < line.length) found.push({ kind: 'plain', text: line.slice(end) });
  return found;
}

/** Re-indents without parsing numbers, so that 64-bit ids keep every digit. Null when the text is no JSON. */
export function indentJson(text: string): string | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  let depth = 0;
  let out = '';
  const newLine = () => `\n${'  '.repeat(depth)}`;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (part === '{' || part === '[') {
      depth += 1;
      out += part + newLine();
    } else if (part === '}' || part === ']') {
      depth -= 1;
      const bare = out.trimEnd();
      out = /[{[]$/.test(bare) ? bare + part : out + newLine() + part;
    } else if (part === ',') out += part + newLine();
    else if (part === ':') out += ': ';
    else out += part;
  }
  return out;
}

/** Lines with colours and folds. */
export function highlightJson(indented: string): JsonLine[] {
  const lines = indented.split('\n');
  const result: JsonLine[] = lines.map((line) => ({ tokens: tokens(line), closes: null, inner: 0, isList: false }));
  const open: number[] = [];
  lines.forEach((line, index) => {
    const text = line.trim();
    if (/^[}\]]/.test(text)) {
      const start = open.pop();
      const opener = start === undefined ? undefined : result[start];
      if (opener && start !== undefined && index > start + 1) opener.closes = index;
    }
    const parent = result[open.at(-1) ?? -1];
    if (parent && !/^[}\]]/.test(text)) parent.inner += 1;
    if (/[{[]$/.test(text)) {
      const line = result[index];
      if (line) line.isList = text.endsWith('[');
      open.push(index);
    }
  });
  return result;
}
