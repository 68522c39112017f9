/** Each broker once, as a person reads it: `broker-a, broker-b`. */
export const brokerNames = (of: readonly { broker: string }[]): string =>
  [...new Set(of.map(({ broker }) => broker))].join(', ');
