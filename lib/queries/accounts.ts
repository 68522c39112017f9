import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  accountChangeInput,
  accountRow,
  accountsReply,
  apiTokenInput,
  apiTokensReply,
  newAccountInput,
  newApiTokenReply,
  oidcBegunReply,
  oidcFinishedReply,
  ownPasswordInput,
  sessionsReply,
  setupInput,
  signedInReply,
  signInInput,
} from '@/lib/contract/accounts';
import { getJson, postJson } from './fetcher';

export const signIn = (input: z.input<typeof signInInput>) => postJson<typeof signedInReply>('/api/sign-in', input);
export const setUp = (input: z.input<typeof setupInput>) => postJson<typeof signedInReply>('/api/setup', input);

/** Answers the provider's address to go on to. */
export const beginOidc = (next: string) => postJson<typeof oidcBegunReply>('/api/sign-in/oidc', { next });
export const finishOidc = (answer: string) =>
  postJson<typeof oidcFinishedReply>('/api/sign-in/oidc/finish', { answer });

export const ownSessionsQuery = () =>
  queryOptions({
    queryKey: ['me', 'sessions'],
    queryFn: ({ signal }) => getJson<typeof sessionsReply>('/api/me/sessions', {}, signal),
  });
export const endSession = (id: string) => postJson('/api/me/sessions/end', { id });
export const changePassword = (input: z.input<typeof ownPasswordInput>) => postJson('/api/me/password', input);

export const ownTokensQuery = () =>
  queryOptions({
    queryKey: ['me', 'tokens'],
    queryFn: ({ signal }) => getJson<typeof apiTokensReply>('/api/me/tokens', {}, signal),
  });
export const createToken = (input: z.input<typeof apiTokenInput>) =>
  postJson<typeof newApiTokenReply>('/api/me/tokens', input);
export const endToken = (id: string) => postJson('/api/me/tokens/end', { id });

export const accountsQuery = () =>
  queryOptions({
    queryKey: ['accounts'],
    queryFn: ({ signal }) => getJson<typeof accountsReply>('/api/accounts', {}, signal),
  });
export const createAccount = (input: z.input<typeof newAccountInput>) =>
  postJson<typeof accountRow>('/api/accounts', input);
export const changeAccount = (input: z.input<typeof accountChangeInput>) =>
  postJson<typeof accountRow>('/api/accounts/change', input);
