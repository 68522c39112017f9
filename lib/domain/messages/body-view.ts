import type { z } from 'zod';
import type { bodyView } from '@/lib/contract/messages';
import { compressionOf, readBody } from '@/lib/rocketmq/codec/body-codec';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';

export type BodyView = z.infer<typeof bodyView>;

/** Characters shown of one body; the rest is for the download. */
export const MAX_SHOWN = 256 * 1024;
const MAX_PARSED_BYTES = 2 * 1024 * 1024;

/** A body as it can be shown: JSON and text as text, everything else in hex, what cannot be inflated as stored. */
export function viewBody({ storedBody, sysFlag }: Pick<StoredMessage, 'storedBody' | 'sysFlag'>): BodyView {
  const compression = compressionOf(sysFlag);
  const common = { storedBytes: storedBody.length, compression: compression === 'none' ? null : compression };
  const content = readBody(storedBody, sysFlag);
  if ('unreadable' in content)
    return { ...common, ...hexOf(storedBody), kind: 'unreadable', sizeBytes: null, reason: content.unreadable };
  const { body } = content;
  const sized = { ...common, sizeBytes: body.length, reason: null };
  if (body.length === 0) return { ...sized, kind: 'empty', text: '', truncated: false };
  const text = textOf(body);
  if (text === null) return { ...sized, ...hexOf(body), kind: 'binary' };
  return { ...sized, text, truncated: body.length > MAX_SHOWN, kind: isJson(body) ? 'json' : 'text' };
}

/** Of a body that is hidden: its sizes and nothing else. */
export function maskedBody({ storedBody, sysFlag }: Pick<StoredMessage, 'storedBody' | 'sysFlag'>): BodyView {
  const compression = compressionOf(sysFlag);
  const sizeBytes = compression === 'none' ? storedBody.length : null;
  const common = { storedBytes: storedBody.length, compression: compression === 'none' ? null : compression };
  return { ...common, kind: 'masked', text: '', truncated: false, sizeBytes, reason: null };
}

function hexOf(bytes: Buffer): { text: string; truncated: boolean } {
  return { text: bytes.toString('hex', 0, MAX_SHOWN / 2), truncated: bytes.length > MAX_SHOWN / 2 };
}

// Control characters other than tab, line feed, form feed and carriage return are no text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const NOT_TEXT = /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/;

/** The shown part as text, or null when it is not UTF-8 text. A character cut by the limit is left out. */
function textOf(body: Buffer): string | null {
  const shown = body.subarray(0, MAX_SHOWN);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(shown, {
      stream: shown.length < body.length,
    });
    return NOT_TEXT.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** Whether all of a body is UTF-8 text. */
export function isText(body: Buffer): boolean {
  try {
    return !NOT_TEXT.test(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return false;
  }
}

function isJson(body: Buffer): boolean {
  if (body.length > MAX_PARSED_BYTES) return false;
  const text = body.toString().trim();
  if (!/^[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
