import { handle } from '@/lib/server/endpoint';
import { listAuditEndpoint } from '@/lib/server/endpoints/audit';

export const dynamic = 'force-dynamic';
export const GET = handle(listAuditEndpoint);
