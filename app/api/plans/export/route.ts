import { handle } from '@/lib/server/endpoint';
import { planExport } from '@/lib/server/endpoints/plans';

export const dynamic = 'force-dynamic';
export const POST = handle(planExport);
