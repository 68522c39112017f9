/** `V5_5_0` → `5.5.0`. */
export const plainVersion = (version: string): string => version.replace(/^V(?=\d)/, '').replaceAll('_', '.');
