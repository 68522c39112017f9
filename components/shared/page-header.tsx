import type { ReactNode } from 'react';

export type PageHeaderProps = {
  title: ReactNode;
  /** Chip, type tags, the full name in mono. */
  beside?: ReactNode;
  /** What is true now, in words. `lead` writes it larger. */
  sentence?: ReactNode;
  lead?: boolean;
  actions?: ReactNode;
  /** On a phone too the actions stay beside the title: they are one small button. */
  keep?: boolean;
};

export function PageHeader({ title, beside, sentence, lead = false, actions, keep = false }: PageHeaderProps) {
  return (
    <div className={keep ? 'head keep' : 'head'}>
      <div>
        <h1>
          {title} {beside}
        </h1>
        {sentence ? <p className={lead ? 'sentence' : undefined}>{sentence}</p> : null}
      </div>
      {actions ? <div className="acts">{actions}</div> : null}
    </div>
  );
}

/** Titled part of a page; `panel` draws a frame around it. */
export function Section({
  title,
  note,
  right,
  panel = false,
  level = 2,
  className = '',
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  right?: ReactNode;
  panel?: boolean;
  level?: 2 | 3;
  className?: string;
  children: ReactNode;
}) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <section className={`${panel ? 'panel' : 'sec'} ${className}`}>
      <header>
        <Heading className="fw5">{title}</Heading>
        {note ? <small>{note}</small> : null}
        {right ? <span className="r small">{right}</span> : null}
      </header>
      {panel ? <div className="in">{children}</div> : children}
    </section>
  );
}
