import type { Ctx } from '../ctx';
import { isRetryTopicOf } from '../messages/origin-topic';
import { RETRY_PREFIX, retryOwner } from '../snapshot/system-names';

/** Decides whether a retry topic belongs to a group; names of POP retry topics are ambiguous without the lists. */
export function ownership({ snapshot }: Pick<Ctx, 'snapshot'>, group: string): (retryTopic: string) => boolean {
  const current = snapshot();
  const known = new Map<string, boolean>();
  return (retryTopic) => {
    let owns = known.get(retryTopic);
    if (owns === undefined) {
      owns =
        isRetryTopicOf(retryTopic, group) &&
        (retryTopic === RETRY_PREFIX + group ||
          !current ||
          retryOwner(
            retryTopic,
            (name) => current.groups.has(name),
            (name) => current.topics.has(name),
          )?.group === group);
      known.set(retryTopic, owns);
    }
    return owns;
  };
}

/** `%RETRY%group`, and the POP retry topics of the group as far as the snapshot knows them. */
export function retryTopicsOf(ctx: Pick<Ctx, 'snapshot'>, group: string): string[] {
  const owns = ownership(ctx, group);
  const known = [...(ctx.snapshot()?.topics.keys() ?? [])].filter(
    (name) => name.startsWith(RETRY_PREFIX) && owns(name),
  );
  return [...new Set([RETRY_PREFIX + group, ...known])];
}
