import { handle } from '@/lib/server/endpoint';
import { letterSearch } from '@/lib/server/endpoints/dead-letters';

export const dynamic = 'force-dynamic';
export const GET = handle(letterSearch);
