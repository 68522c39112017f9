import { parseFastjson } from '../codec/fastjson';
import { entriesOf, objectOf, requireObject, textOf } from '../codec/fastjson-fields';
import { defineRequest } from '../define-request';

export interface ClusterBroker {
  cluster: string;
  brokerName: string;
  /** By broker id in decimal: `0` is the master. */
  addresses: Record<string, string>;
}
export interface BrokerClusterInfo {
  brokers: ClusterBroker[];
}

/**
 * NameServer. No fields; body `ClusterInfo`:
 * `{"brokerAddrTable":{"broker-a":{"brokerAddrs":{0:"10.0.0.1:10911"},"brokerName":"broker-a","cluster":"DefaultCluster"}},…}`.
 * The table lists brokers without topics as well, which routes do not.
 */
export const GET_BROKER_CLUSTER_INFO = defineRequest<void, BrokerClusterInfo, 'READ'>({
  name: 'GET_BROKER_CLUSTER_INFO',
  code: 106,
  access: 'READ',
  encode: () => ({}),
  decode: (reply) => {
    const info = requireObject(parseFastjson(reply.body), 'ClusterInfo');
    const clusterOf = clustersByBroker(info.clusterAddrTable);
    return {
      brokers: entriesOf(info.brokerAddrTable).map(([key, value]) => {
        const broker = objectOf(value);
        const brokerName = textOf(broker.brokerName) ?? String(key);
        return {
          cluster: textOf(broker.cluster) ?? clusterOf.get(brokerName) ?? '',
          brokerName,
          addresses: addressesOf(broker.brokerAddrs),
        };
      }),
    };
  },
});

/** `BrokerData.brokerAddrs`: broker id to `host:port`. */
export function addressesOf(brokerAddrs: Parameters<typeof entriesOf>[0]): Record<string, string> {
  const addresses: Record<string, string> = Object.create(null);
  for (const [id, address] of entriesOf(brokerAddrs)) {
    if (typeof id === 'string' && typeof address === 'string') addresses[id] = address;
  }
  return addresses;
}

function clustersByBroker(clusterAddrTable: Parameters<typeof entriesOf>[0]): Map<string, string> {
  const found = new Map<string, string>();
  for (const [cluster, names] of entriesOf(clusterAddrTable)) {
    for (const name of Array.isArray(names) ? names : []) found.set(String(name), String(cluster));
  }
  return found;
}
