import { handle } from '@/lib/server/endpoint';
import { getOverviewEndpoint } from '@/lib/server/endpoints/overview';

export const dynamic = 'force-dynamic';
export const GET = handle(getOverviewEndpoint);
