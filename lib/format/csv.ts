import { csvRow } from '@/lib/contract/csv-row';

/** RFC 4180 with a byte order mark, so that spreadsheets read UTF-8. */
export const asCsv = (header: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  `\ufeff${[header, ...rows].map(csvRow).join('\r\n')}\r\n`;

/** One JSON value per line. */
export const asJsonl = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
