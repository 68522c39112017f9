import 'server-only';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { clustersReply, namesReply } from '@/lib/contract/clusters';
import { clusterQuery } from '@/lib/contract/primitives';
import { listNames } from '@/lib/domain/clusters/names';
import { summariseCluster } from '@/lib/domain/clusters/summarise';
import { isPermitted } from '@/lib/domain/permission';
import { ctxOf } from '../create-ctx';
import { defineEndpoint } from '../endpoint';
import { afterFirstSweep } from '../ready-ctx';
import { runtime } from '../runtime';

export const listClustersEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/clusters',
  summary: 'Clusters with health, brokers, versions and the counter that rises with every sweep',
  permission: 'signed-in',
  input: z.object({}),
  reply: clustersReply,
  async run(ctx) {
    const visible = [...runtime().clusters.values()].filter(({ config }) =>
      isPermitted(ctx.actor, 'metadata:read', { cluster: config.name }),
    );
    const items = visible.map(async (cluster) => {
      const { signal, deadlineAt } = ctx;
      const own = ctxOf(cluster, ctx.actor, { requestId: `clusters-${randomUUID()}`, signal, deadlineAt });
      const { env = null, readOnly, tls } = cluster.config;
      const unverifiedTls = tls?.insecureSkipVerify ?? false;
      return summariseCluster(own, { env, readOnly, unverifiedTls, lastError: cluster.sweeper.lastError() });
    });
    return { items: await Promise.all(items), now: ctx.now() };
  },
});

export const listNamesEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/names',
  summary: 'Names of topics and groups, for finding one by typing',
  permission: 'metadata:read',
  input: clusterQuery,
  reply: namesReply,
  run: async (ctx) => listNames(await afterFirstSweep(ctx)),
});
