import { handle } from '@/lib/server/endpoint';
import { lettersById } from '@/lib/server/endpoints/dead-letters';

export const dynamic = 'force-dynamic';
export const GET = handle(lettersById);
