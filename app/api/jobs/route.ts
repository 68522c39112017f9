import { handle } from '@/lib/server/endpoint';
import { jobStart, jobsList } from '@/lib/server/endpoints/jobs';

export const dynamic = 'force-dynamic';
export const GET = handle(jobsList);
export const POST = handle(jobStart);
