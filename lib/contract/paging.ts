import { z } from 'zod';
import { epochMs, failure, integer } from './primitives';

export const listQuery = z.object({
  cluster: z.string().min(1).max(255).optional(),
  q: z.string().max(255).optional(),
  /** Field name; a leading minus sorts descending. */
  sort: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(512).optional(),
});

/** Of what brokers hold: only those of one RocketMQ cluster (`brokerClusterName`); NameServers may know several. */
export const heldQuery = listQuery.extend({ brokerCluster: z.string().min(1).max(255).optional() });

/** A page of a list. `total` counts what the filter matched, over the brokers that answered. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    total: integer,
    nextCursor: z.string().nullable(),
    asOf: epochMs,
    failures: z.array(failure),
  });
