import { arrayOf, entriesOf, integerOf, objectOf, textOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { type SubscriptionData, subscriptionDataOf } from '../codec/subscription-data';
import { defineRequest } from '../define-request';

export interface ConsumerConnection {
  connections: { clientId: string; clientAddr: string; language: string; version: number | null }[];
  /** `CONSUME_PASSIVELY` = push or POP, `CONSUME_ACTIVELY` = pull. */
  consumeType: string | null;
  /** `CLUSTERING` or `BROADCASTING`. */
  messageModel: string | null;
  consumeFromWhere: string | null;
  subscriptions: SubscriptionData[];
}

/**
 * Every broker of the group; a client is listed by each it is connected to. `consumerGroup`; body `ConsumerConnection`:
 * `{"connectionSet":[{"clientAddr":"…","clientId":"…","language":"JAVA","version":479}],"consumeType":"…","messageModel":"…",
 * "subscriptionTable":{"T":SubscriptionData}}`. 206: nobody is connected here, which is null. Clients behind a Proxy in cluster
 * mode are not listed.
 */
export const GET_CONSUMER_CONNECTION_LIST = defineRequest<{ consumerGroup: string }, ConsumerConnection | null, 'READ'>(
  {
    name: 'GET_CONSUMER_CONNECTION_LIST',
    code: 203,
    access: 'READ',
    accepts: [0, 206],
    encode: ({ consumerGroup }) => ({ fields: { consumerGroup } }),
    decode: (reply) => {
      if (reply.code === 206) return null;
      const body = bodyObject(reply, 'ConsumerConnection');
      return {
        connections: arrayOf(body.connectionSet).map((value) => {
          const connection = objectOf(value);
          return {
            clientId: textOf(connection.clientId) ?? '',
            clientAddr: textOf(connection.clientAddr) ?? '',
            language: textOf(connection.language) ?? 'UNKNOWN',
            version: integerOf(connection.version),
          };
        }),
        consumeType: textOf(body.consumeType),
        messageModel: textOf(body.messageModel),
        consumeFromWhere: textOf(body.consumeFromWhere),
        subscriptions: entriesOf(body.subscriptionTable).map(([topic, value]) =>
          subscriptionDataOf(value, String(topic)),
        ),
      };
    },
  },
);
