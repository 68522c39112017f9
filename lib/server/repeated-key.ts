/**
 * The first key that one object of a valid JSON text holds twice, or null. JSON.parse keeps the last of them and
 * says nothing: what was checked in front and what is done would be two things.
 */
export function repeatedKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  let text = '';
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key = JSON.parse(text) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    } else text = token;
  }
  return null;
}
