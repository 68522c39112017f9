'use client';
import { useFormat } from '@/components/shared/use-format';
import type { LetterEdit } from '@/lib/contract/plans';
import { type DiffLine, diffLines } from '@/lib/format/line-diff';
import { useT } from '@/lib/i18n/use-t';

const AROUND = 3;
const MOST = 400;

/** What the copy differs in, removed and added; nothing is sent before this was there to see. */
export function EditDiff({ before, after }: { before: LetterEdit; after: LetterEdit }) {
  const t = useT('edit');
  const f = useFormat();
  const facts = (edit: LetterEdit) =>
    [['KEYS', edit.keys], ['TAGS', edit.tag], ...Object.entries(edit.properties)] as [string, string][];
  const [old, now] = [new Map(facts(before)), new Map(facts(after))];
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter(
    (name) => (old.get(name) ?? '') !== (now.get(name) ?? '') || old.has(name) !== now.has(name),
  );
  const body =
    before.body === after.body ? [] : folded(diffLines(shape(before.body, after.body), shape(after.body, before.body)));
  if (body.length === 0 && changed.length === 0) return <p className="small fg3 mb12">{t('noChange')}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="code diff wrapped mb12" tabIndex={0} aria-label={t('diff')}>
      {changed.map((name) => (
        <span key={name}>
          {old.get(name) ? <Line kind="removed" text={`${name} = ${old.get(name)}`} /> : null}
          {now.has(name) && (now.get(name) !== '' || !['KEYS', 'TAGS'].includes(name)) ? (
            <Line kind="added" text={`${name} = ${now.get(name)}`} />
          ) : null}
        </span>
      ))}
      {body.length > 0 ? <span className="ln fg3">{t('body')}</span> : null}
      {body.slice(0, MOST).map((line, index) =>
        typeof line === 'number' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own
          <span key={index} className="ln fg3">{`  ${t('unchanged', { n: line, count: f.count(line) })}`}</span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own
          <Line key={index} {...line} />
        ),
      )}
      {body.length > MOST ? <span className="ln fg3">…</span> : null}
    </section>
  );
}

const SIGN = { same: ' ', removed: '-', added: '+' } as const;
const TONE = { same: 'fg3', removed: 'crit', added: 'ok' } as const;
const Line = ({ kind, text }: DiffLine) => <span className={`ln ${TONE[kind]}`}>{`${SIGN[kind]} ${text}`}</span>;

/** JSON in one line is compared field by field, if both are JSON. */
function shape(text = '', other = ''): string {
  if (text.includes('\n') || other.includes('\n')) return text;
  try {
    JSON.parse(other);
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Long stretches without a change become their length. */
function folded(lines: readonly DiffLine[]): (DiffLine | number)[] {
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== 'same');
  const result: (DiffLine | number)[] = [];
  for (const [index, line] of lines.entries()) {
    const last = result.at(-1);
    if (isNear(index)) result.push(line);
    else if (typeof last === 'number') result[result.length - 1] = last + 1;
    else result.push(1);
  }
  return result;
}
