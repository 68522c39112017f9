import { handle } from '@/lib/server/endpoint';
import { jobsDetail } from '@/lib/server/endpoints/jobs';

export const dynamic = 'force-dynamic';
export const GET = handle(jobsDetail);
