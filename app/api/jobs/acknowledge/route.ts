import { handle } from '@/lib/server/endpoint';
import { jobAcknowledge } from '@/lib/server/endpoints/jobs';

export const dynamic = 'force-dynamic';
export const POST = handle(jobAcknowledge);
