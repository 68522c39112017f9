import { handle } from '@/lib/server/endpoint';
import { jobPause } from '@/lib/server/endpoints/jobs';

export const dynamic = 'force-dynamic';
export const POST = handle(jobPause);
