// Apart from accounts.ts: every page asks this, and few the rest.
import { queryOptions } from '@tanstack/react-query';
import type { meReply, raiseReply } from '@/lib/contract/accounts';
import { getJson, postJson } from './fetcher';

const ASKED_EVERY_MS = 60_000;

/** Who is signed in, what is allowed, and until when. */
export const meQuery = () =>
  queryOptions({
    queryKey: ['me'],
    queryFn: ({ signal }) => getJson<typeof meReply>('/api/me', {}, signal),
    refetchInterval: ASKED_EVERY_MS,
    staleTime: ASKED_EVERY_MS,
  });

export const raiseRole = (input: { role: string; minutes: number; reason: string }) =>
  postJson<typeof raiseReply>('/api/me/raise', input);
export const endRaise = () => postJson('/api/me/raise/end', {});

export const signOut = () => postJson('/api/sign-out', {});
