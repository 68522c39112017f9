import 'server-only';
import { z } from 'zod';
import {
  apiTokenEndInput,
  apiTokenInput,
  apiTokensReply,
  doneReply,
  newApiTokenReply,
  sessionEndInput,
  sessionsReply,
} from '@/lib/contract/accounts';
import type { Grant } from '@/lib/contract/permissions';
import { createApiToken, removeApiToken } from '@/lib/domain/accounts/api-tokens';
import { endSession } from '@/lib/domain/accounts/sign-out';
import type { ApiToken } from '@/lib/store/api-tokens';
import { defineEndpoint } from '../endpoint';
import { requireSession } from '../require-session';

export const ownSessions = defineEndpoint({
  method: 'GET',
  path: '/api/me/sessions',
  summary: 'Where one is signed in',
  permission: 'signed-in',
  input: z.object({}),
  reply: sessionsReply,
  async run({ store, actor }, _input, { session }) {
    const rows = await store.sessions.ofAccount(actor.id);
    return {
      items: rows.map(({ id, ip, userAgent, createdAt, lastSeenAt, expiresAt }) => ({
        id,
        isThis: id === session?.id,
        ip,
        userAgent,
        createdAt,
        lastSeenAt,
        endsAt: expiresAt,
      })),
    };
  },
});

export const ownSessionEnd = defineEndpoint({
  method: 'POST',
  path: '/api/me/sessions/end',
  summary: 'End another session of one’s own',
  permission: 'signed-in',
  input: sessionEndInput,
  reply: doneReply,
  async run(ctx, { id }, { session }) {
    requireSession(session);
    await endSession(ctx, id);
    return { at: ctx.now() };
  },
});

const rowOf = ({ id, name, scopeJson, createdAt, expiresAt, lastUsedAt }: ApiToken) => ({
  id,
  name,
  scope: JSON.parse(scopeJson) as Grant,
  createdAt,
  expiresAt,
  lastUsedAt,
});

export const ownTokens = defineEndpoint({
  method: 'GET',
  path: '/api/me/tokens',
  summary: 'API tokens of one’s own',
  permission: 'signed-in',
  input: z.object({}),
  reply: apiTokensReply,
  run: async ({ store, actor }) => ({ items: (await store.apiTokens.ofAccount(actor.id)).map(rowOf) }),
});

export const ownTokenCreate = defineEndpoint({
  method: 'POST',
  path: '/api/me/tokens',
  summary: 'Make an API token: Authorization: Bearer <token>. It is told once',
  permission: 'signed-in',
  input: apiTokenInput,
  reply: newApiTokenReply,
  async run(ctx, { name, days, ...scope }, { session }) {
    requireSession(session);
    const { row, token } = await createApiToken(ctx, { name, days, scope });
    return { ...rowOf(row), token };
  },
});

export const ownTokenEnd = defineEndpoint({
  method: 'POST',
  path: '/api/me/tokens/end',
  summary: 'End an API token of one’s own',
  permission: 'signed-in',
  input: apiTokenEndInput,
  reply: doneReply,
  async run(ctx, { id }, { session }) {
    requireSession(session);
    await removeApiToken(ctx, id);
    return { at: ctx.now() };
  },
});
