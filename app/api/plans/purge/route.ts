import { planPurge } from '@/lib/server/endpoints/plans';
import { handle } from '@/lib/server/handle';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } = handle(planPurge);
