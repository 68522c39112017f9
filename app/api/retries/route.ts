import { handle } from '@/lib/server/endpoint';
import { retriesList } from '@/lib/server/endpoints/retries';

export const dynamic = 'force-dynamic';
export const GET = handle(retriesList);
