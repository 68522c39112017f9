import { handle } from '@/lib/server/endpoint';
import { planPurge } from '@/lib/server/endpoints/plans';

export const dynamic = 'force-dynamic';
export const POST = handle(planPurge);
