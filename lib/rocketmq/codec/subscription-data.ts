import type { FastjsonValue } from './fastjson';
import { booleanOf, integerOf, objectOf, textOf, textsOf } from './fastjson-fields';

export interface SubscriptionData {
  topic: string;
  subString: string;
  /** `TAG` or `SQL92`. */
  expressionType: string;
  tags: string[];
  subVersion: number | null;
  classFilterMode: boolean;
}

/** `SubscriptionData`, as relayed from clients of any SDK; `topic` is the key of the table it lay in. */
export function subscriptionDataOf(value: FastjsonValue, topic?: string): SubscriptionData {
  const data = objectOf(value);
  return {
    topic: textOf(data.topic) ?? topic ?? '',
    subString: textOf(data.subString) ?? '',
    expressionType: textOf(data.expressionType) ?? 'TAG',
    tags: textsOf(data.tagsSet),
    subVersion: integerOf(data.subVersion),
    classFilterMode: booleanOf(data.classFilterMode) ?? false,
  };
}
