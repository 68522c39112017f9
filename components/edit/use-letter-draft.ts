import { useMemo, useState } from 'react';
import type { MessageDetail } from '@/lib/contract/messages';
import type { LetterEdit } from '@/lib/contract/plans';

export type Row = { key: number; name: string; value: string };
const MARK = 'RDX_';

/** Whether the body can be edited as text; else why not, a key under `locked.`. */
export const lockOf = ({ body }: MessageDetail): 'binary' | 'large' | 'unreadable' | null =>
  body.kind === 'binary' || body.kind === 'empty'
    ? 'binary'
    : body.kind === 'unreadable'
      ? 'unreadable'
      : body.truncated
        ? 'large'
        : null;

/** Names that belong to RocketMQ or to earlier jobs. */
export const lockedNames = ({ properties, systemProperties }: MessageDetail): string[] =>
  Object.keys(properties)
    .filter((name) => (systemProperties.includes(name) || name.startsWith(MARK)) && name !== 'KEYS' && name !== 'TAGS')
    .sort();

/** The letter as it is being edited, and as it was. */
export function useLetterDraft(detail: MessageDetail) {
  const before = useMemo((): LetterEdit => {
    const locked = new Set([...lockedNames(detail), 'KEYS', 'TAGS']);
    return {
      ...(lockOf(detail) === null ? { body: detail.body.text } : {}),
      keys: detail.properties.KEYS ?? '',
      tag: detail.properties.TAGS ?? '',
      properties: Object.fromEntries(Object.entries(detail.properties).filter(([name]) => !locked.has(name))),
    };
  }, [detail]);
  const [body, setBody] = useState(before.body);
  const isCrLf = before.body?.includes('\r\n') ?? false;
  const [keys, setKeys] = useState(before.keys);
  const [tag, setTag] = useState(before.tag);
  const [rows, setRows] = useState<Row[]>(() =>
    Object.entries(before.properties).map(([name, value], key) => ({ key, name, value })),
  );
  const named = rows.filter(({ name, value }) => name !== '' || value !== '');
  const isTwice = new Set(named.map(({ name }) => name)).size < named.length;
  const after: LetterEdit = {
    ...(body === undefined ? {} : { body }),
    keys,
    tag,
    properties: Object.fromEntries(named.map(({ name, value }) => [name, value])),
  };
  return {
    before,
    after,
    isChanged: asText(before) !== asText(after),
    isTwice,
    // A text field knows line feeds only.
    fields: {
      body,
      setBody: (text: string) => setBody(isCrLf ? text.replace(/\r?\n/g, '\r\n') : text),
      keys,
      setKeys,
      tag,
      setTag,
      rows,
      setRows,
    },
  };
}
export type DraftFields = ReturnType<typeof useLetterDraft>['fields'];

const asText = ({ properties, ...rest }: LetterEdit): string =>
  JSON.stringify([rest, Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1))]);
