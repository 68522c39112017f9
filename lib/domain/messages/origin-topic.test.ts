import { describe, expect, it } from 'vitest';
import { isRetryTopicOf, originTopicOf } from './origin-topic';

describe('business topic of a record', () => {
  const cases: [string, Record<string, string>, string | null][] = [
    ['orders', {}, 'orders'],
    ['orders', { RETRY_TOPIC: 'elsewhere', DLQ_ORIGIN_TOPIC: 'elsewhere' }, 'orders'],
    ['%DLQ%g', { RETRY_TOPIC: 'orders' }, 'orders'],
    ['%DLQ%g', { RETRY_TOPIC: '%RETRY%g_orders' }, 'orders'],
    ['%DLQ%g', { RETRY_TOPIC: '%RETRY%g+orders' }, 'orders'],
    ['%DLQ%g_a', { RETRY_TOPIC: '%RETRY%g_a_orders_v2' }, 'orders_v2'],
    ['%RETRY%g_orders', { ORIGIN_GROUP: 'g' }, 'orders'],
    ['%RETRY%g_orders', {}, null],
    ['%RETRY%g', { RETRY_TOPIC: 'orders', REAL_TOPIC: '%RETRY%g' }, 'orders'],
    ['SCHEDULE_TOPIC_XXXX', { RETRY_TOPIC: 'orders', REAL_TOPIC: '%RETRY%g' }, 'orders'],
    ['SCHEDULE_TOPIC_XXXX', { REAL_TOPIC: 'reminders' }, 'reminders'],
    ['%DLQ%g', { DLQ_ORIGIN_TOPIC: 'orders' }, 'orders'],
    ['%DLQ%g', {}, null],
  ];
  it.each(cases)('%s %o is %s', (topic, properties, expected) => {
    expect(originTopicOf({ topic, properties })).toBe(expected);
  });
  it('a group name is no prefix of another', () => {
    expect(isRetryTopicOf('%RETRY%group2', 'group')).toBe(false);
    expect(isRetryTopicOf('%RETRY%group', 'group')).toBe(true);
  });
});
