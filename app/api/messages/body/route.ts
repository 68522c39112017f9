import { handle } from '@/lib/server/endpoint';
import { messageBody } from '@/lib/server/endpoints/messages';

export const dynamic = 'force-dynamic';
export const GET = handle(messageBody);
