import type { RemotingCommand } from '../remoting/command';

/** What goes on the wire besides the code: values travel as strings, `undefined` fields are left out. */
export interface RequestPayload {
  fields?: Record<string, string | number | bigint | boolean | undefined>;
  body?: Buffer | string;
}

/**
 * One request code. A `READ` may be sent by anyone; a `WRITE` only with a {@link WriteCapability},
 * which `mutation()` in lib/domain mints.
 */
export interface RequestDefinition<Input, Output, Access extends 'READ' | 'WRITE' = 'READ' | 'WRITE'> {
  /** RocketMQ's constant in `RequestCode.java`. */
  readonly name: string;
  readonly code: number;
  readonly access: Access;
  encode(input: Input): RequestPayload;
  /** Called only for the codes in `accepts` (default: 0 alone); any other code throws `RocketMQError`. */
  decode(reply: RemotingCommand, input: Input): Output;
  readonly accepts: readonly number[];
}

export function defineRequest<Input, Output, Access extends 'READ' | 'WRITE'>(definition: {
  name: string;
  code: number;
  access: Access;
  encode(input: Input): RequestPayload;
  decode(reply: RemotingCommand, input: Input): Output;
  accepts?: readonly number[];
}): RequestDefinition<Input, Output, Access> {
  return { accepts: [0], ...definition };
}
