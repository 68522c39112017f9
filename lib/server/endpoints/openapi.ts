import 'server-only';
import { z } from 'zod';
import { defineEndpoint } from '../endpoint';
import { openApiDocument } from '../openapi';

/** Not part of the registry it describes. */
export const openApi = defineEndpoint({
  method: 'GET',
  path: '/api/openapi.json',
  summary: 'This document',
  permission: 'signed-in',
  input: z.object({}),
  reply: z.unknown(),
  run: async () => openApiDocument(),
});
