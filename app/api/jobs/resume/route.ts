import { handle } from '@/lib/server/endpoint';
import { jobResume } from '@/lib/server/endpoints/jobs';

export const dynamic = 'force-dynamic';
export const POST = handle(jobResume);
