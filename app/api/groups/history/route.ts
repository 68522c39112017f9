import { handle } from '@/lib/server/endpoint';
import { getHistoryEndpoint } from '@/lib/server/endpoints/history';

export const dynamic = 'force-dynamic';
export const GET = handle(getHistoryEndpoint);
