import { isKnown } from '@/lib/contract/primitives';
import { toWire } from '../snapshot/page-list';
import type { UnknownReason } from '../unknown-reasons';
import type { QueueFlow } from './rates';

/** Rates and drain time in the wire form, with the reasons of what is unknown or leaves queues out. */
export function flowToWire({ inPerS, outPerS, drainMs }: QueueFlow, partial: UnknownReason | null = null) {
  const { values, unknown } = toWire({ inPerS, outPerS }, { inPerS: partial, outPerS: partial });
  return {
    values: { ...values, drainMs: isKnown(drainMs) ? drainMs.value : null },
    unknown: isKnown(drainMs) ? unknown : { ...unknown, drainMs: drainMs.unknown },
  };
}
