import { listGroupsEndpoint } from '@/lib/server/endpoints/groups';
import { handle } from '@/lib/server/handle';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } = handle(listGroupsEndpoint);
