import { handle } from '@/lib/server/endpoint';
import { getMemberThreadsEndpoint } from '@/lib/server/endpoints/why';

export const dynamic = 'force-dynamic';
export const GET = handle(getMemberThreadsEndpoint);
