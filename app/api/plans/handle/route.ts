import { handle } from '@/lib/server/endpoint';
import { planHandle } from '@/lib/server/endpoints/plans';

export const dynamic = 'force-dynamic';
export const POST = handle(planHandle);
