import type { Operation } from '@/lib/store/operations';

/** A job that locks no group still belongs to one. */
export const groupOf = (operation: Pick<Operation, 'group' | 'inputJson'>): string =>
  operation.group ?? (JSON.parse(operation.inputJson) as { group?: string }).group ?? '';
