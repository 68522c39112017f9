'use client';
import type { ReactNode } from 'react';
import { Finding } from '@/components/shared/finding';
import { useSayParams } from '@/components/shared/say-params';
import { Tape } from '@/components/shared/tape';
import { useCause } from '@/components/shared/use-cause';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import type { Finding as FindingData } from '@/lib/contract/overview';
import { useT } from '@/lib/i18n/use-t';

/** One finding of the server in words. A key without a sentence is shown as it is: nothing found is hidden. */
export function FindingItem({ finding }: { finding: FindingData }) {
  const t = useT('overview');
  const f = useFormat();
  const say = useSayParams();
  const { key, params, since, href, severity, tape } = finding;
  const cause = useCause()(params.cause, params);
  const kind = `job_kind.${params.kind}`;
  const values = {
    ...say(params),
    ...rich,
    why: cause ? `${cause.text} ${cause.next}` : '',
    hasSince: since === null ? 'no' : 'yes',
    jobKind: t.has(kind as never) ? t(kind as never) : String(params.kind ?? ''),
    time: since === null ? '' : f.time(since),
  };
  const text = (part: string): ReactNode => {
    const path = `findings.${key}.${part}`;
    return t.has(path as never) ? t.rich(path as never, values as never) : null;
  };
  return (
    <Finding
      severity={severity}
      sentence={text('sentence') ?? key}
      evidence={text('evidence')}
      // A place on this very page would lead nowhere.
      {...(href === '/' ? {} : { link: { href, label: text('link') } })}
      mark={tape ? <Tape steps={tape} /> : undefined}
      since={since === null ? undefined : text('since')}
    />
  );
}
