import { isKnown } from '@/lib/contract/primitives';
import {
  type Checked,
  type Evidence,
  found,
  isBusiness,
  memberHref,
  names,
  nothing,
  notRead,
  passed,
  queueName,
  tellingMembers,
} from './evidence';

/** More members than queues: those beyond hold none. Fewer are no trouble. */
export function checkIdle({ group, members }: Evidence): Checked {
  const told = tellingMembers(members);
  if (told.length === 0 || told.length < members.length || group.mode !== 'CLUSTERING') return nothing();
  const queues = group.queues.filter(isBusiness).length;
  const idle = told.filter((member) => !member.queues.some(isBusiness)).map(({ clientId }) => clientId);
  if (idle.length === 0)
    return told.length <= queues ? passed('members_fit', { members: told.length, queues }) : nothing();
  return found({
    key: told.length > queues ? 'members_idle' : 'members_empty',
    severity: told.length > queues ? 'note' : 'warning',
    params: { idle: idle.length, members: told.length, queues, names: names(idle) },
    links: [{ key: 'member', href: memberHref(group.name, idle[0] ?? '') }],
  });
}

/** Each queue has one reader: none, or two, means that the members do not agree. */
export function checkAssignment({ group, members }: Evidence): Checked {
  const told = tellingMembers(members);
  if (group.mode !== 'CLUSTERING' || members.length === 0) return nothing();
  if (told.length < members.length) return notRead('assignment', { silent: members.length - told.length });
  const holders = new Map<string, string[]>();
  for (const { clientId, queues } of told)
    for (const queue of queues.filter(isBusiness)) {
      const key = `${queue.topic} ${queueName(queue)}`;
      holders.set(key, [...(holders.get(key) ?? []), clientId]);
    }
  const queues = group.queues.filter(isBusiness);
  const holdersOf = (queue: (typeof queues)[number]) => holders.get(`${queue.topic} ${queueName(queue)}`) ?? [];
  const twice = queues.filter((queue) => holdersOf(queue).length > 1);
  const subscribed = new Set(told.flatMap(({ running }) => running?.subscriptions.map(({ topic }) => topic) ?? []));
  const unheld = queues.filter((queue) => holdersOf(queue).length === 0 && subscribed.has(queue.topic));
  if (unheld[0])
    return found({
      key: 'queues_unheld',
      severity: 'critical',
      params: { unheld: unheld.length, queues: queues.length, names: names(unheld.map(queueName)) },
      links: [],
    });
  if (twice[0])
    return found({
      key: 'queues_twice',
      severity: 'warning',
      params: { twice: twice.length, queue: queueName(twice[0]), names: names(holdersOf(twice[0])) },
      links: [],
    });
  return queues.length > 0 ? passed('all_held', { queues: queues.length }) : nothing();
}

/** All members of a group have to subscribe to the same, or each broker keeps what the last heartbeat said. */
export function checkSubscriptions({ group, members }: Evidence): Checked {
  const told = members.flatMap(({ clientId, running }) =>
    running && running.subscriptions.length > 0
      ? [{ clientId, text: textOf(running.subscriptions.filter(isBusiness)) }]
      : [],
  );
  if (members.length === 0) return nothing();
  if (told.length === 0) return notRead('subscriptions', { silent: members.length });
  const texts = new Map<string, string[]>();
  for (const { clientId, text } of told) texts.set(text, [...(texts.get(text) ?? []), clientId]);
  const [most, other] = [...texts].sort((a, b) => b[1].length - a[1].length);
  if (most && other)
    return found({
      key: 'subscriptions_differ',
      severity: 'critical',
      params: {
        kinds: texts.size,
        one: most[0] || '–',
        oneNames: names(most[1]),
        other: other[0] || '–',
        otherNames: names(other[1]),
      },
      links: [{ key: 'member', href: memberHref(group.name, other[1][0] ?? '') }],
    });
  if (told.length < members.length) return notRead('subscriptions', { silent: members.length - told.length });
  return passed('subscriptions_agree', { subscription: most?.[0] ?? '' });
}

const textOf = (subscriptions: readonly { topic: string; expression: string }[]): string =>
  subscriptions
    .map(({ topic, expression }) => `${topic} ${expression || '*'}`)
    .sort()
    .join(', ');

/** Clients of different releases, or some ordered and some not. */
export function checkVersions({ group, members }: Evidence): Checked {
  if (members.length < 2) return nothing();
  const orders = new Set(members.flatMap(({ running }) => running?.orderly ?? []));
  if (orders.size > 1) {
    const orderly = members.filter(({ running }) => running?.orderly).map(({ clientId }) => clientId);
    return found({ key: 'orders_differ', severity: 'critical', params: { names: names(orderly) }, links: [] });
  }
  const versions = new Map<string, string[]>();
  for (const { language, version, clientId } of members) {
    const key = `${language} ${version}`;
    versions.set(key, [...(versions.get(key) ?? []), clientId]);
  }
  const [most, other] = [...versions].sort((a, b) => b[1].length - a[1].length);
  if (!most || !other) return passed('versions_agree', { version: most?.[0] ?? '' });
  return found({
    key: 'versions_differ',
    severity: 'note',
    params: { version: most[0], members: most[1].length, other: other[0], names: names(other[1]) },
    links: [{ key: 'member', href: memberHref(group.name, other[1][0] ?? '') }],
  });
}

/** A topic the group has read, in which messages wait, and which no member subscribes to any more. */
export function checkUnsubscribed({ group, members, subscriptions }: Evidence): Checked {
  const isOnline = isKnown(group.members) && group.members.value > 0;
  if (!isOnline || members.length === 0 || subscriptions.length === 0) return nothing();
  const read = new Set(subscriptions.map(({ topic }) => topic));
  const left = new Map<string, number>();
  for (const { topic, committedOffset, maxOffset } of group.queues.filter(isBusiness))
    if (!read.has(topic)) left.set(topic, (left.get(topic) ?? 0) + Math.max(0, maxOffset - committedOffset));
  const [worst] = [...left].filter(([, lag]) => lag > 0).sort((a, b) => b[1] - a[1]);
  if (!worst) return nothing();
  return found({
    key: 'topic_unsubscribed',
    severity: 'warning',
    params: { topic: worst[0], lag: worst[1] },
    links: [{ key: 'topic', href: `/topics/detail?topic=${encodeURIComponent(worst[0])}` }],
  });
}
