import { handle } from '@/lib/server/endpoint';
import { jobsEvents } from '@/lib/server/endpoints/jobs';

export const dynamic = 'force-dynamic';
export const GET = handle(jobsEvents);
