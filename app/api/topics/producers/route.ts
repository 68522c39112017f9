import { handle } from '@/lib/server/endpoint';
import { topicProducersEndpoint } from '@/lib/server/endpoints/topics';

export const dynamic = 'force-dynamic';
export const GET = handle(topicProducersEndpoint);
