'use client';
import { useMemo, useState } from 'react';
import { Segmented } from '@/components/ui/segmented';
import { useT } from '@/lib/i18n/use-t';
import type { CodeViewProps } from './code-view';
import { CopyButton } from './copy-button';
import { fromBase64, hexLines } from './hex-lines';
import { highlightJson, indentJson, type JsonLine, type Token } from './highlight-json';
import { useFormat } from './use-format';

const FIRST_BYTES = 256 * 1024;
const CLASS: Record<Token['kind'], string | undefined> = {
  key: 'jk',
  string: 'js',
  number: 'jn',
  literal: 'jl',
  plain: undefined,
};
const MASKED_STRING = '"•••"';
type View = 'json' | 'raw' | 'hex';

export function CodeViewer({ base64, text, totalBytes, onLoadAll, title }: CodeViewProps) {
  const t = useT('common');
  const f = useFormat();
  const [all, setAll] = useState(false);
  const whole = useMemo(
    () => (typeof base64 === 'string' ? fromBase64(base64) : new TextEncoder().encode(text ?? '')),
    [base64, text],
  );
  const bytes = useMemo(() => (all ? whole : whole.subarray(0, FIRST_BYTES)), [whole, all]);
  const decoded = useMemo(() => {
    try {
      return new TextDecoder('utf-8', { fatal: bytes.length === whole.length }).decode(bytes);
    } catch {
      return null;
    }
  }, [bytes, whole]);
  const json = useMemo(() => (decoded === null ? null : indentJson(decoded)), [decoded]);
  const best: View = json !== null ? 'json' : decoded !== null ? 'raw' : 'hex';
  const [chosen, setChosen] = useState<View | null>(null);
  const view = chosen === 'json' && json === null ? best : (chosen ?? best);
  const size = totalBytes ?? whole.length;
  const kind = json !== null ? t('code.json') : decoded !== null ? t('code.raw') : t('code.hex');

  return (
    <section>
      <div className="h3">
        {title ?? t('code.view')} <small>{`${kind}, ${f.bytes(size)}`}</small>
        <Segmented
          className="r"
          label={t('code.view')}
          value={view}
          onChange={setChosen}
          options={[
            ...(json === null ? [] : [{ value: 'json' as const, label: t('code.json') }]),
            { value: 'raw' as const, label: t('code.raw') },
            { value: 'hex' as const, label: t('code.hex') },
          ]}
        />
      </div>
      {whole.length === 0 ? (
        <div className="code fg3">{t('code.empty')}</div>
      ) : (
        <section
          className={`code${view === 'raw' ? ' wrapped' : ''}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          tabIndex={0}
          aria-label={title ?? t('code.view')}
        >
          <CopyButton
            className="copy cp"
            text={
              view === 'json' && json !== null
                ? json
                : (decoded ??
                  hexLines(bytes)
                    .map((line) => line.hex)
                    .join('\n'))
            }
            what={t('code.body')}
          />
          {view === 'json' && json !== null ? (
            <JsonLines json={json} />
          ) : view === 'raw' ? (
            (decoded ?? new TextDecoder().decode(bytes))
          ) : (
            <HexView bytes={bytes} />
          )}
        </section>
      )}
      {bytes.length < size ? (
        <p className="hint">
          {t('code.truncated', { shown: f.bytes(bytes.length), total: f.bytes(size) })}{' '}
          {bytes.length < whole.length || onLoadAll ? (
            <button
              type="button"
              className="link"
              onClick={() => (bytes.length < whole.length ? setAll(true) : onLoadAll?.())}
            >
              {t('loadAll')}
            </button>
          ) : null}
        </p>
      ) : null}
    </section>
  );
}

const HexView = ({ bytes }: { bytes: Uint8Array }) =>
  hexLines(bytes).map((line) => (
    <span key={line.offset} className="ln">
      <span className="fg3">{line.offset}</span> {line.hex} <span className="fg2">{line.text}</span>
    </span>
  ));

function JsonLines({ json }: { json: string }) {
  const t = useT('common');
  const f = useFormat();
  const lines = useMemo(() => highlightJson(json), [json]);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const toggle = (index: number) =>
    setFolded((before) => {
      const next = new Set(before);
      if (!next.delete(index)) next.add(index);
      return next;
    });
  const visible: { line: JsonLine; index: number }[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (!line) break;
    visible.push({ line, index });
    if (folded.has(index) && line.closes !== null) index = line.closes;
  }
  return visible.map(({ line, index }) => {
    const isFolded = folded.has(index) && line.closes !== null;
    const counts = { n: line.inner, count: f.count(line.inner) };
    return (
      <span key={`line-${index}`} className="ln">
        <span className="ln-no">{index + 1}</span>
        <Tokens tokens={line.tokens} />
        {line.closes === null ? null : (
          <button
            type="button"
            className="fold"
            aria-expanded={!isFolded}
            aria-label={isFolded ? t('code.unfold', { line: index + 1 }) : t('code.fold', { line: index + 1 })}
            onClick={() => toggle(index)}
          >
            {isFolded ? ` ▸ ${line.isList ? t('code.items', counts) : t('code.keys', counts)} ` : ' ▾'}
          </button>
        )}
        {isFolded ? (
          <Tokens
            tokens={(lines[line.closes ?? -1]?.tokens ?? []).map((token) => ({
              ...token,
              text: token.text.trimStart(),
            }))}
          />
        ) : null}
      </span>
    );
  });
}

const Tokens = ({ tokens }: { tokens: Token[] }) =>
  tokens.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of a line never move
    <span key={`${index}-${token.kind}`} className={token.text.includes(MASKED_STRING) ? 'tag' : CLASS[token.kind]}>
      {token.text}
    </span>
  ));
