import type { BrokerFacts } from './broker-facts';
import type { Snapshot } from './snapshot';

/** Whether some broker of a RocketMQ cluster holds something; everything is held without a cluster to look for. */
export function heldIn(
  { brokers, facts }: Pick<Snapshot, 'brokers' | 'facts'>,
  brokerCluster: string | undefined,
  holds: (broker: BrokerFacts, name: string) => boolean,
): (item: { name: string }) => boolean {
  if (brokerCluster === undefined) return () => true;
  const inside = brokers.flatMap(({ name, cluster }) => (cluster === brokerCluster && facts.get(name)) || []);
  return ({ name }) => inside.some((broker) => holds(broker, name));
}
