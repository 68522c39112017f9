import type { DeadLetterGroupRow, FailureRow } from '@/lib/contract/dead-letters';
import { MASKED } from '@/lib/contract/masking';
import { hidesProperty } from './apply';
import type { Mask } from './mask';

/** What letters died of, without what is hidden of them. Names of properties are told, and of a body's fields unless all of it is hidden. */
export function maskFailure(mask: Mask | null, failure: FailureRow): FailureRow {
  if (!mask) return failure;
  const { property, text, shape, diagnosis } = failure;
  const isTextHidden = property !== null && hidesProperty(mask, property);
  const isShapeHidden = mask.body && shape !== null && shape.fields.length > 0;
  return {
    ...failure,
    isMasked: isTextHidden || isShapeHidden,
    text: isTextHidden ? null : text,
    shape: isShapeHidden ? { ...shape, fields: [] } : shape,
    diagnosis: diagnosis && mask.remarks ? { ...diagnosis, text: MASKED } : diagnosis,
  };
}

type Cause = NonNullable<DeadLetterGroupRow['cause']>;

/** The cause that most open letters of a group have; `property` tells it, or nothing does. */
export function maskCause(
  mask: Mask | null,
  { property, text, share }: Omit<Cause, 'isMasked'> & { property: string | null },
): Cause {
  const isMasked = mask !== null && property !== null && hidesProperty(mask, property);
  return { text: isMasked ? null : text, share, isMasked };
}
