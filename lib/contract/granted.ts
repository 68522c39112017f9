// Without zod: pages ask this too.
import type { Grant, Permission } from './permissions';

/** What an act is on; without a group and a topic it is on the cluster as a whole. */
export interface Scope {
  cluster?: string | undefined;
  group?: string | undefined;
  topic?: string | undefined;
}

/**
 * Whether one of the grants allows it. Of a cluster as a whole something is allowed when it is for any of its groups or
 * topics: a list then shows those. A topic that RocketMQ made for a group is the group's.
 */
export function isGranted(grants: readonly Grant[], wanted: Permission, scope: Scope): boolean {
  const group = scope.group ?? groupOfTopic(scope.topic);
  return grants.some(
    ({ allow, clusters, groups, topics }) =>
      allow.includes(wanted) &&
      (scope.cluster === undefined || matchesAny(clusters, scope.cluster)) &&
      (group !== undefined ? matchesAny(groups, group) : scope.topic === undefined || matchesAny(topics, scope.topic)),
  );
}

/** Whether it is allowed for every group and topic of a cluster. */
export const isGrantedForAll = (grants: readonly Grant[], wanted: Permission, cluster: string): boolean =>
  grants.some(
    ({ allow, clusters, groups, topics }) =>
      allow.includes(wanted) && matchesAny(clusters, cluster) && groups.includes('*') && topics.includes('*'),
  );

/** `%DLQ%g` and `%RETRY%g` belong to `g`; a POP retry topic's name also holds the topic, which patterns of groups then meet. */
function groupOfTopic(topic: string | undefined): string | undefined {
  return topic === undefined ? undefined : /^%(?:DLQ|RETRY)%(.+)$/.exec(topic)?.[1];
}

export const matchesAny = (patterns: readonly string[], name: string): boolean =>
  patterns.some((each) => each === '*' || each === name || (each.includes('*') && matches(each, name)));

/** By pieces and not by a regular expression: a pattern of many stars must not take long. */
function matches(text: string, name: string): boolean {
  const pieces = text.split('*');
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
