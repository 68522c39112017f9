import { failuresList } from '@/lib/server/endpoints/dead-letters';
import { handle } from '@/lib/server/handle';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } = handle(failuresList);
