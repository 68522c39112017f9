import { handle } from '@/lib/server/endpoint';
import { messageGet } from '@/lib/server/endpoints/messages';

export const dynamic = 'force-dynamic';
export const GET = handle(messageGet);
