import 'server-only';
import { z } from 'zod';
import { errorBody } from '@/lib/contract/error';
import { BYTES, type Endpoint } from './endpoint';
import { endpoints } from './registry';

/** OpenAPI 3.1 of the whole API, generated from the registry. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Redrive',
      version: '1',
      description: 'A reliability console for Apache RocketMQ. Everything the screens do, automation can do.',
    },
    paths,
    components: { schemas: { Error: schemaOf(errorBody, 'output') } },
  };
}

function operation(endpoint: Endpoint): object {
  return {
    summary: endpoint.summary,
    'x-permission': endpoint.permission,
    ...(endpoint.method === 'GET'
      ? { parameters: parameters(endpoint.input) }
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(endpoint.input, 'input') } },
          },
        }),
    responses: {
      [endpoint.status ?? 200]: { description: 'Success', content: contentOf(endpoint) },
      default: {
        description: 'Error',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

/** 3.1 has no word for the events of a stream: `itemSchema`, as 3.2 calls the schema of each. */
function contentOf({ reply, contentType = BYTES, event }: Endpoint): object {
  if (reply) return { 'application/json': { schema: schemaOf(reply, 'output') } };
  return { [contentType]: event ? { itemSchema: schemaOf(event, 'output') } : {} };
}

function parameters(input: z.ZodType): object[] {
  const schema = schemaOf(input, 'input') as { properties?: Record<string, object>; required?: string[] };
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: property,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
