import { afterAll, beforeAll, expect, test } from 'vitest';
import { actorOf } from '@/lib/domain/actors.fixture';
import { createCtx } from './create-ctx';
import { type Runtime, setRuntime } from './runtime';

const cluster = (name: string) => [name, { config: { name }, client: {}, sweeper: { snapshot: () => null } }] as const;
beforeAll(() =>
  setRuntime({
    settings: { maxRate: 1, access: { masking: [] } },
    store: {},
    clusters: new Map([cluster('prod-bj'), cluster('prod-sh'), cluster('staging')]),
  } as unknown as Runtime),
);
afterAll(() => setRuntime(undefined));

const grants = [{ allow: ['metadata:read' as const], clusters: ['prod-sh', 'staging'], groups: ['*'], topics: ['*'] }];
const clusterOf = (name: string | undefined, actor = actorOf('viewer', { grants })) =>
  createCtx({ cluster: name, actor, requestId: 'r', signal: new AbortController().signal, deadlineAt: 0 }).cluster;

test('without a name it is the first cluster that one may know of', () => {
  expect(clusterOf(undefined)).toBe('prod-sh');
  expect(clusterOf(undefined, actorOf('viewer'))).toBe('prod-bj');
});

test('one that may not be known of is not there, and is not told among those that are', () => {
  expect(clusterOf('staging')).toBe('staging');
  const params = expect.objectContaining({ known: 'prod-sh, staging' });
  for (const name of ['prod-bj', 'nowhere'])
    expect(() => clusterOf(name)).toThrow(expect.objectContaining({ status: 404, params }));
});
