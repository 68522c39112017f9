'use client';
import { useFormat, useNow } from '@/components/shared/use-format';
import type { RetriesReply } from '@/lib/contract/messages';
import { useT } from '@/lib/i18n/use-t';
import { shortSpan } from './countdown';

type Rung = RetriesReply['rungs'][number];
type Row = { rungs: readonly Rung[]; isComplete: boolean };
const BASE_Y = 64;
const TALLEST = 46;
/** So many and their delays stay legible beside each other on a phone. */
const PHONE_ROW = 8;

/** One bar per retry: what waits there, its delay and when the next is due. The last one leads to the dead letters. */
export function RetryLadder({ rungs, isComplete }: Row) {
  const middle = rungs.length > PHONE_ROW ? Math.ceil(rungs.length / 2) : rungs.length;
  const halves = [rungs.slice(0, middle), rungs.slice(middle)].filter((half) => half.length > 0);
  return (
    <>
      <div className="max-[720px]:hidden">
        <LadderRow rungs={rungs} part={rungs} isComplete={isComplete} names={7} />
      </div>
      <div className="grid gap-2.5 min-[720px]:hidden">
        {halves.map((half) => (
          <LadderRow key={half[0]?.retry} rungs={rungs} part={half} isComplete={isComplete} names={13} />
        ))}
      </div>
    </>
  );
}

/** Some of the rungs side by side, on the scale of all; `names`: share of the width for the names of the three lines, %. */
function LadderRow({ rungs, part, isComplete, names }: Row & { part: readonly Rung[]; names: number }) {
  const t = useT('retries');
  const f = useFormat();
  const now = useNow(1_000);
  const most = Math.max(1, ...rungs.map(({ waiting }) => waiting));
  const slot = (98 - names) / Math.max(1, part.length);
  const percent = (value: number) => `${value.toFixed(2)}%`;
  const dueIn = (leftMs: number) => (leftMs <= 0 ? t('now') : shortSpan(Math.ceil(leftMs / 1_000) * 1_000));
  const say = (count: number) => (isComplete ? f.count(count) : count > 0 ? `≥ ${f.count(count)}` : f.count(count));
  return (
    <svg
      className="ch h-[114px]"
      width="100%"
      height="114"
      role="img"
      aria-label={t('ladder.label', {
        rungs: part
          .filter(({ waiting }) => waiting > 0)
          .map(({ retry, waiting }) => t('ladder.rung', { retry, n: waiting, count: say(waiting) }))
          .join(t('comma')),
      })}
    >
      {(['retry', 'delay', 'next'] as const).map((line, index) => (
        <text key={line} x="0" y={78 + index * 15}>
          {t(`ladder.${line}`)}
        </text>
      ))}
      {part.map((rung, index) => {
        const left = names + slot * index;
        const middle = percent(left + slot / 2);
        const height = rung.waiting === 0 ? 0 : Math.max(2, Math.round((rung.waiting / most) * TALLEST));
        return (
          <g key={rung.retry}>
            {height > 0 ? (
              <rect
                x={percent(left + slot * 0.14)}
                width={percent(slot * 0.72)}
                y={BASE_Y - height}
                height={height}
                className={fillOf(rungs.indexOf(rung), rungs.length)}
              />
            ) : null}
            <text x={middle} y={BASE_Y - height - 4} textAnchor="middle" className={rung.waiting > 0 ? 'v e' : ''}>
              {say(rung.waiting)}
            </text>
            <text x={middle} y="78" textAnchor="middle" className="v">
              {rung.retry}
            </text>
            <text x={middle} y="93" textAnchor="middle">
              {rung.delayMs === null ? '?' : shortSpan(rung.delayMs)}
            </text>
            <text x={middle} y="108" textAnchor="middle" className={rung.nextDueAt === null ? '' : 'v'}>
              {rung.nextDueAt === null ? '–' : dueIn(rung.nextDueAt - now)}
            </text>
          </g>
        );
      })}
      <line x1={percent(names)} x2="98%" y1={BASE_Y + 0.5} y2={BASE_Y + 0.5} className="g0" />
      {part.at(-1) === rungs.at(-1) ? (
        <text x="98.4%" y="68" className="fill-crit">
          →
        </text>
      ) : null}
    </svg>
  );
}

/** The last rung is red, the three before it amber, as far as there are enough. */
function fillOf(index: number, length: number): string {
  if (index === length - 1) return 'fc';
  return index >= length - 4 && length > 4 ? 'f2' : 'f1';
}
