'use client';
import { useId, useState } from 'react';
import { CopyButton } from '@/components/shared/copy-button';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';

const FIRST = 6;

/** What the client wrote, as text and nothing else; a long stack is folded. */
export function Remark({ text }: { text: string }) {
  const t = useT('run-once');
  const f = useFormat();
  const id = useId();
  const [all, setAll] = useState(false);
  const lines = text.split(/\r?\n/);
  const isLong = lines.length > FIRST + 1;
  return (
    <>
      <p className="lab mt8">
        {t('remark')} <CopyButton text={text} what={t('remark')} />
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre id={id} className="code wrapped" tabIndex={0}>
        {isLong && !all ? `${lines.slice(0, FIRST).join('\n')}\n…` : text}
      </pre>
      {isLong ? (
        <Button
          size="small"
          className="mt8"
          aria-expanded={all}
          aria-controls={id}
          onClick={() => setAll((shown) => !shown)}
        >
          {all ? t('showLess') : t('showAll', { count: f.count(lines.length) })}
        </Button>
      ) : null}
    </>
  );
}
