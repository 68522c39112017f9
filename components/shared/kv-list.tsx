import type { ReactNode } from 'react';
import { CopyButton } from './copy-button';

export type KeyValue = {
  id: string;
  label: ReactNode;
  value: ReactNode;
  mono?: boolean /** Text of the copy button and what it is called. */;
  copy?: { text: string; what: string } | undefined;
};

export function KvList({
  items,
  small = false,
  mono = false,
  className = '',
}: {
  items: readonly KeyValue[];
  small?: boolean;
  mono?: boolean;
  className?: string;
}) {
  return (
    <dl className={`kvs ${small ? 's' : ''} ${mono ? 'mono' : ''} ${className}`}>
      {items.map((item) => (
        <div key={item.id} className="contents">
          <dt>{item.label}</dt>
          <dd className={item.mono ? 'mono' : undefined}>
            {item.value}
            {item.copy ? <CopyButton {...item.copy} /> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
