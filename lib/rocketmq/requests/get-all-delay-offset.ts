import { entriesOf, integerOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

/**
 * Any replica. No fields; body `DelayOffsetSerializeWrapper`: `{"offsetTable":{1:0,3:17}}`. Level n is queue n - 1 of
 * SCHEDULE_TOPIC_XXXX; messages below `deliveredOffset` have been delivered. Only levels that have been used appear.
 */
export const GET_ALL_DELAY_OFFSET = defineRequest<
  void,
  { levels: { level: number; deliveredOffset: number }[] },
  'READ'
>({
  name: 'GET_ALL_DELAY_OFFSET',
  code: 45,
  access: 'READ',
  encode: () => ({}),
  decode: (reply) => {
    const { offsetTable } = bodyObject(reply, 'DelayOffsetSerializeWrapper');
    const levels = entriesOf(offsetTable).flatMap(([key, value]) => {
      const level = integerOf(String(key));
      const deliveredOffset = integerOf(value);
      return level === null || deliveredOffset === null ? [] : [{ level, deliveredOffset }];
    });
    return { levels };
  },
});
