import { queryOptions } from '@tanstack/react-query';
import type { messageDetail } from '@/lib/contract/messages';
import { apiUrl, getBytes, getJson } from './fetcher';

interface MessageInput {
  cluster?: string | undefined;
  id: string;
}

/** A stored record never changes, so it is read once. */
export const messageDetailQuery = (input: MessageInput) =>
  queryOptions({
    queryKey: ['message', input.cluster, input.id],
    queryFn: ({ signal }) => getJson<typeof messageDetail>('/api/messages/detail', { ...input }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The whole body, inflated, in base64: what a detail cut short. */
export const messageBodyQuery = (input: MessageInput) =>
  queryOptions({
    queryKey: ['message', input.cluster, input.id, 'body'],
    queryFn: async ({ signal }) => toBase64(await getBytes('/api/messages/body', { ...input }, signal)),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const messageBodyUrl = (input: MessageInput & { as?: 'stored' }): string =>
  apiUrl('/api/messages/body', { ...input });

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
