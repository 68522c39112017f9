import type { ReactNode } from 'react';
import { Icon } from '@/components/ui/icon';

export type Step = { id: string; label: ReactNode };

export function Steps({ steps, current, label }: { steps: readonly Step[]; current: string; label: string }) {
  const at = steps.findIndex((step) => step.id === current);
  return (
    <ol className="steps" aria-label={label}>
      {steps.map((step, index) => (
        <li key={step.id} aria-current={index === at ? 'step' : undefined} className={index < at ? 'done' : undefined}>
          <i>{index < at ? <Icon name="tick" size={12} /> : index + 1}</i>
          {step.label}
        </li>
      ))}
    </ol>
  );
}
