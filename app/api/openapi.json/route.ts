import { openApi } from '@/lib/server/answer-openapi';

export const dynamic = 'force-dynamic';
export const GET = openApi;
