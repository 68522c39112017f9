import { handle } from '@/lib/server/endpoint';
import { planRunOnce } from '@/lib/server/endpoints/plans';

export const dynamic = 'force-dynamic';
export const POST = handle(planRunOnce);
