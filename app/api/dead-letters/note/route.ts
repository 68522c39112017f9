import { handle } from '@/lib/server/endpoint';
import { failureNote } from '@/lib/server/endpoints/dead-letters';

export const dynamic = 'force-dynamic';
export const POST = handle(failureNote);
