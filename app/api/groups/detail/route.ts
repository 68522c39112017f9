import { handle } from '@/lib/server/endpoint';
import { getGroupEndpoint } from '@/lib/server/endpoints/groups';

export const dynamic = 'force-dynamic';
export const GET = handle(getGroupEndpoint);
