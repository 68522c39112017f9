import { parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const SCALES = ['real', 'even'] as const;
export type ScaleKind = (typeof SCALES)[number];

/** Address of /trace. */
export const traceParams = {
  cluster: parseAsString,
  id: parseAsString.withDefault(''),
  /** Picks one message when a key matches several. */
  uniqKey: parseAsString,
  scale: parseAsStringLiteral(SCALES).withDefault('real'),
};
