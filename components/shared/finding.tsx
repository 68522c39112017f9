'use client';
import type { ReactNode } from 'react';
import { ClusterLink } from './cluster-link';
import { type Severity, SeverityWord } from './status-word';

type Props = {
  severity: Severity;
  sentence: ReactNode;
  evidence?: ReactNode;
  link?: { href: string; label: ReactNode } /** Tape or sparkline. */;
  mark?: ReactNode;
  since?: ReactNode;
};

/** Severity | sentence, one line of evidence, link to the exact place | mark and since. */
export function Finding({ severity, sentence, evidence, link, mark, since }: Props) {
  return (
    <article className="fi">
      <SeverityWord severity={severity} />
      <div>
        <h3>{sentence}</h3>
        <p>
          {evidence}
          {link ? (
            <ClusterLink className="go" href={link.href}>
              {link.label}
            </ClusterLink>
          ) : null}
        </p>
      </div>
      <div className="ev max-[720px]:gap-2">
        {mark}
        {since}
      </div>
    </article>
  );
}
