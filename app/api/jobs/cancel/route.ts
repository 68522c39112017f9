import { handle } from '@/lib/server/endpoint';
import { jobCancel } from '@/lib/server/endpoints/jobs';

export const dynamic = 'force-dynamic';
export const POST = handle(jobCancel);
