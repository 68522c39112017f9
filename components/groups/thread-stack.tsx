'use client';
import { useState } from 'react';
import { useFormat } from '@/components/shared/use-format';
import type { ThreadGroup } from '@/lib/contract/threads';
import { useT } from '@/lib/i18n/use-t';

const TONE: Record<ThreadGroup['kind'], string> = {
  blocked: 'crit',
  waiting: 'crit',
  io: 'warn',
  running: 'ok',
  idle: 'fg3',
};
const FIRST = 8;

/** Threads that stand at the same place: what they do, where the application is, and who owns the lock. */
export function ThreadStackItem({ thread }: { thread: ThreadGroup }) {
  const t = useT('why');
  const f = useFormat();
  const [all, setAll] = useState(false);
  const { kind, state, names, count, frames, ownFrame, waitsFor, lockOwner } = thread;
  const shown = all ? frames : frames.slice(0, FIRST);
  const isOwn = (frame: string) => ownFrame !== null && frame.endsWith(ownFrame);
  return (
    <li className="mb12">
      <p>
        <b className="mono">{names[0]}</b> <b className={TONE[kind]}>{state}</b>{' '}
        <span className="fg2">{t(`threads.kind.${kind}`)}</span>
        {count > 1 ? (
          <span className="fg3" data-tip={names.join(', ')}>
            {' '}
            {t('threads.more', { count: f.count(count - 1) })}
          </span>
        ) : null}
      </p>
      {waitsFor ? (
        <p className="fg2 small">
          <code>{waitsFor}</code> {lockOwner ? t('threads.owner', { owner: lockOwner }) : t('threads.noOwner')}
        </p>
      ) : kind === 'blocked' ? (
        <p className="fg2 small">{t('threads.noOwner')}</p>
      ) : null}
      {frames.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <div className="code stack" tabIndex={0}>
          {shown.map((frame, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: recursion repeats frames, and they never move
            <span key={index} className={`ln ${isOwn(frame) ? 'warn' : ''}`}>
              at {frame}
            </span>
          ))}
        </div>
      ) : null}
      {frames.length > FIRST ? (
        <button type="button" className="link small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('threads.hideFrames') : t('threads.showFrames', { count: f.count(frames.length - FIRST) })}
        </button>
      ) : null}
    </li>
  );
}
