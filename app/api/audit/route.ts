import { listAuditEndpoint } from '@/lib/server/endpoints/audit';
import { handle } from '@/lib/server/handle';

export const dynamic = 'force-dynamic';
export const { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } = handle(listAuditEndpoint);
