import { z } from 'zod';
import { epochMs, failure, integer } from './primitives';

export const brokerSummary = z.object({
  name: z.string(),
  cluster: z.string(),
  address: z.string().nullable(),
  slaves: integer,
  version: z.string().nullable(),
  state: z.enum(['ok', 'stale', 'silent']),
  asOf: epochMs.nullable(),
});
export const clusterSummary = z.object({
  name: z.string(),
  /** Environment tag such as PROD; null when not configured. */
  env: z.string().nullable(),
  readOnly: z.boolean(),
  /** Reached over TLS without checking who answers. */
  unverifiedTls: z.boolean(),
  nameServers: z.array(z.string()),
  health: z.enum(['ok', 'partial', 'unreachable', 'starting']),
  brokers: z.array(brokerSummary),
  counts: z.object({
    topics: integer,
    groups: integer,
    /** Open ones. */
    deadLetters: integer.nullable(),
    findings: integer,
    notConsuming: integer,
    activeJobs: integer,
  }),
  /** Rises with every sweep; poll this and refetch when it moves. */
  version: integer,
  asOf: epochMs.nullable(),
  failures: z.array(failure),
});
export type ClusterSummary = z.infer<typeof clusterSummary>;
export const clustersReply = z.object({ items: z.array(clusterSummary), now: epochMs });
export type ClustersReply = z.infer<typeof clustersReply>;

/** Names for the palette: everything that can be jumped to. */
export const namesReply = z.object({ topics: z.array(z.string()), groups: z.array(z.string()), asOf: epochMs });
