// What a sweep has to ask, from what the brokers hold: the bench fails on the first request beyond it.
import type { RecordedFrame } from '../proxy/frame';
import { ask } from '../sandbox/probe';

const SETTINGS_EVERY_SWEEPS = 12;
const TOPOLOGY_EVERY_MS = 10_000;
const CLIENT_EVERY_MS = 30_000;
/** Groups of RocketMQ itself: nobody asks who is connected for them. */
const OF_ROCKETMQ = /^(CID_|TOOLS_CONSUMER$|FILTERSRV_CONSUMER$|SELF_TEST_C_GROUP$)/;

export interface Holdings {
  address: string;
  topics: number;
  /** Without those of RocketMQ itself. */
  groups: number;
  /** Levels of the retry ladder that have been used. */
  levels: number;
  /** How often the tables of topics and groups have changed since the broker was new. */
  topicsVersion: number;
  groupsVersion: number;
}

interface Table {
  dataVersion: { counter: number };
}

/** Asked in the witness's own words, from the broker itself and not through the proxy. */
export async function holdingsOf(address: string): Promise<Holdings> {
  const [topics, groups, delays] = await Promise.all([21, 201, 45].map((code) => ask(address, code)));
  const topicTable = JSON.parse(String(topics?.body)) as Table & { topicConfigTable: object };
  const groupTable = JSON.parse(String(groups?.body)) as Table & { subscriptionGroupTable: object };
  return {
    address,
    topics: Object.keys(topicTable.topicConfigTable).length,
    groups: Object.keys(groupTable.subscriptionGroupTable).filter((name) => !OF_ROCKETMQ.test(name)).length,
    // The keys of this table are numbers, which is no JSON.
    levels: String(delays?.body).match(/\d+:\d+/g)?.length ?? 0,
    topicsVersion: topicTable.dataVersion.counter,
    groupsVersion: groupTable.dataVersion.counter,
  };
}

/**
 * The most that one master may be asked in `sweeps` sweeps, by request code, when messages flow and it held `before` at
 * their beginning. Per sweep that is 5 + topics + groups + 2 × levels, and what is asked now and then.
 */
export function needed(held: Holdings, sweeps: number, before = held): Map<number, number> {
  const { topics, groups, levels } = held;
  return new Map([
    // GET_ALL_TOPIC_CONFIG and GET_ALL_SUBSCRIPTIONGROUP_CONFIG: their version, and all of a table that has changed
    [21, sweeps + held.topicsVersion - before.topicsVersion],
    [201, sweeps + held.groupsVersion - before.groupsVersion],
    // GET_ALL_CONSUMER_OFFSET, GET_ALL_DELAY_OFFSET, GET_BROKER_RUNTIME_INFO
    [43, sweeps],
    [45, sweeps],
    [28, sweeps],
    // GET_TOPIC_STATS_INFO, once per topic: RETRY, DLQ and system topics too
    [202, topics * sweeps],
    // GET_CONSUMER_CONNECTION_LIST, once per group, of at most 300 groups; whether anybody is connected is what it tells
    [203, Math.min(groups, 300) * sweeps],
    // GET_MAX_OFFSET of each level's queue, and one PULL_MESSAGE where it has grown
    [30, levels * sweeps],
    [11, levels * sweeps],
    // GET_BROKER_CONFIG
    [26, Math.ceil(sweeps / SETTINGS_EVERY_SWEEPS)],
  ]);
}

/** Requests beyond what so many sweeps have to ask, as `code at address` → how many too many. */
export function needless(
  bursts: readonly RecordedFrame[][],
  sweeps: number,
  holdings: readonly Holdings[],
  before = holdings,
): Map<string, number> {
  const requests = bursts.flat().filter(({ direction }) => direction === 'request');
  const observedMs = (requests.at(-1)?.at ?? 0) - (requests[0]?.at ?? 0);
  const budgets = new Map(holdings.map((held, index) => [held.address, needed(held, sweeps, before[index])]));
  const left = new Map<string, number>();
  const excess = new Map<string, number>();
  for (const { target, code, fields } of requests) {
    const budget = budgets.get(target);
    // GET_CONSUMER_RUNNING_INFO is work for a client: each at most once in half a minute, wherever it is connected.
    const isOfClient = code === 307;
    const key = isOfClient ? `307 to ${fields.clientId} for ${fields.consumerGroup}` : `${code} at ${target}`;
    const allowed = isOfClient
      ? 1 + Math.floor(observedMs / CLIENT_EVERY_MS)
      : budget
        ? (budget.get(code) ?? 0)
        : code === 106 // GET_BROKER_CLUSTER_INFO, of every NameServer
          ? 1 + Math.floor(observedMs / TOPOLOGY_EVERY_MS)
          : 0;
    const rest = (left.get(key) ?? allowed) - 1;
    left.set(key, rest);
    if (rest < 0) excess.set(key, -rest);
  }
  return excess;
}
