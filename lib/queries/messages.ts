import { queryOptions } from '@tanstack/react-query';
import { messageDetail } from '@/lib/contract/messages';
import { apiUrl, getJson } from './fetcher';

interface MessageInput {
  cluster?: string | undefined;
  id: string;
}

/** A stored record never changes, so it is read once. */
export const messageDetailQuery = (input: MessageInput) =>
  queryOptions({
    queryKey: ['message', input.cluster, input.id],
    queryFn: ({ signal }) => getJson('/api/messages/detail', { ...input }, messageDetail, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const messageBodyUrl = (input: MessageInput & { as?: 'stored' }): string =>
  apiUrl('/api/messages/body', { ...input });
