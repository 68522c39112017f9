/** Hands a text to the browser as a file. */
export function saveText(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export const saveCsv = (name: string, text: string): void => saveText(`${name}.csv`, 'text/csv', text);
export const saveJsonl = (name: string, text: string): void => saveText(`${name}.jsonl`, 'application/x-ndjson', text);

/** Has the browser fetch a file that the server makes. */
export function saveUrl(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
