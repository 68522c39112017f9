import { handle } from '@/lib/server/endpoint';
import { planReset } from '@/lib/server/endpoints/plans';

export const dynamic = 'force-dynamic';
export const POST = handle(planReset);
