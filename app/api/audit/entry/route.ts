import { handle } from '@/lib/server/endpoint';
import { getAuditEntryEndpoint } from '@/lib/server/endpoints/audit';

export const dynamic = 'force-dynamic';
export const GET = handle(getAuditEntryEndpoint);
