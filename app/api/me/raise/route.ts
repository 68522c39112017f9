import { ownRaise } from '@/lib/server/endpoints/raise';
import { handle } from '@/lib/server/handle';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } = handle(ownRaise);
