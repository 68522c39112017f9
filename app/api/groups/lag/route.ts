import { handle } from '@/lib/server/endpoint';
import { getLagEndpoint } from '@/lib/server/endpoints/lag';

export const dynamic = 'force-dynamic';
export const GET = handle(getLagEndpoint);
