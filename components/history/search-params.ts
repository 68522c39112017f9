import { createLoader, parseAsStringLiteral } from 'nuqs/server';
import { HISTORY_RANGES } from '@/lib/queries/history';

export const historyParams = { range: parseAsStringLiteral(HISTORY_RANGES).withDefault('1h') };
export const loadHistoryParams = createLoader(historyParams);
