import type { TraceReply } from '@/lib/contract/trace';

/** Every moment that the timeline shows. */
export function timesOf(reply: TraceReply): number[] {
  const of = (at: number | null | undefined) => (at ? [at] : []);
  return [
    ...of(reply.produced?.at),
    ...of(reply.produced?.transaction?.at),
    ...reply.stored.map(({ storedAt }) => storedAt),
    ...reply.groups.flatMap((group) => [
      ...of(group.dead?.at),
      ...of(group.dueAt),
      ...group.attempts.flatMap(({ startedAt, costMs, next }) => [
        ...of(startedAt),
        ...of(startedAt === null ? null : startedAt + (costMs ?? 0)),
        ...of(next.at),
      ]),
    ]),
  ];
}
