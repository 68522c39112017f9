import { arrayOf, entriesOf, integerOf, objectOf, textOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

export interface ConnectedProducer {
  group: string;
  clientId: string;
  /** `host:port` as the broker sees it, the same that it writes into a record as `bornHost`. */
  address: string;
  language: string;
  version: number | null;
}

/**
 * Every broker; producers of all groups that are connected to it, whatever they send to (a broker does not know). No fields;
 * body `ProducerTableInfo`: `{"data":{"group":[{"clientId":"…","language":"JAVA","lastUpdateTimestamp":1,"remoteIP":"/10.0.0.9:51234",
 * "version":479}]}}`. Clients behind a Proxy in cluster mode are not listed.
 */
export const GET_ALL_PRODUCER_INFO = defineRequest<undefined, { producers: ConnectedProducer[] }, 'READ'>({
  name: 'GET_ALL_PRODUCER_INFO',
  code: 328,
  access: 'READ',
  encode: () => ({}),
  decode: (reply) => ({
    producers: entriesOf(bodyObject(reply, 'ProducerTableInfo').data).flatMap(([group, clients]) =>
      arrayOf(clients).map((value) => {
        const client = objectOf(value);
        return {
          group: String(group),
          clientId: textOf(client.clientId) ?? '',
          address: (textOf(client.remoteIP) ?? '').replace(/^\//, ''),
          language: textOf(client.language) ?? 'UNKNOWN',
          version: integerOf(client.version),
        };
      }),
    ),
  }),
});
