import { handle } from '@/lib/server/endpoint';
import { traceFind } from '@/lib/server/endpoints/trace';

export const dynamic = 'force-dynamic';
export const GET = handle(traceFind);
