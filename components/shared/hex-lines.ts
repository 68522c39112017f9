export type HexLine = { offset: string; hex: string; text: string };

/** Sixteen bytes a line: offset, hex in two halves, printable ASCII. */
export function hexLines(bytes: Uint8Array): HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const slice = [...bytes.subarray(at, at + 16)];
    const pair = (byte: number) => byte.toString(16).padStart(2, '0');
    const hex = `${slice.slice(0, 8).map(pair).join(' ').padEnd(23)}  ${slice.slice(8).map(pair).join(' ').padEnd(23)}`;
    lines.push({
      offset: at.toString(16).padStart(8, '0'),
      hex,
      text: slice.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join(''),
    });
  }
  return lines;
}

export function fromBase64(base64: string): Uint8Array {
  const text = atob(base64);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
