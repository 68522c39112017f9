import type { BrokerClusterInfo } from './requests/get-broker-cluster-info';
import type { TopologyBroker } from './topology';

/** The union of what several NameServers list; where they disagree the first one wins and the broker is named. */
export function mergeBrokers(
  infos: readonly BrokerClusterInfo[],
  allows: (address: string) => boolean,
): { brokers: TopologyBroker[]; disagreements: string[] } {
  const merged = new Map<string, TopologyBroker>();
  const listings = new Map<string, Set<string>>();
  for (const { brokers } of infos) {
    for (const { cluster, brokerName: name, addresses } of brokers) {
      const fresh: TopologyBroker = { cluster, name, addresses: new Map(), masterAddress: null, blockedAddresses: [] };
      const broker = merged.get(name) ?? fresh;
      merged.set(name, broker);
      for (const [id, address] of Object.entries(addresses)) {
        if (!broker.addresses.has(Number(id))) broker.addresses.set(Number(id), address);
      }
    }
  }
  for (const broker of merged.values()) {
    broker.addresses = new Map([...broker.addresses].sort(([a], [b]) => a - b));
    broker.masterAddress = broker.addresses.get(0) ?? null;
    broker.blockedAddresses = [...broker.addresses.values()].filter((address) => !allows(address));
    listings.set(broker.name, new Set(infos.map((info) => listingOf(info, broker.name))));
  }
  return {
    brokers: [...merged.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    disagreements: [...listings].filter(([, seen]) => seen.size > 1).map(([name]) => name),
  };
}

function listingOf(info: BrokerClusterInfo, name: string): string {
  const broker = info.brokers.find(({ brokerName }) => brokerName === name);
  return JSON.stringify(Object.entries(broker?.addresses ?? {}).sort(([a], [b]) => Number(a) - Number(b)));
}
