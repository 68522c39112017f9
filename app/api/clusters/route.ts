import { handle } from '@/lib/server/endpoint';
import { listClustersEndpoint } from '@/lib/server/endpoints/clusters';

export const dynamic = 'force-dynamic';
export const GET = handle(listClustersEndpoint);
