import { describe, expect, it } from 'vitest';
import { accessRefusalOf } from './access-refusal';
import { causeOf, RocketMQError } from './errors';

const ACL_1 = 'org.apache.rocketmq.acl.common.AclException: ';
const VALIDATE = ', org.apache.rocketmq.acl.plain.PlainPermissionManager.validate(PlainPermissionManager.java:663)';
const CHECK = ', org.apache.rocketmq.acl.plain.PlainPermissionManager.checkPerm(PlainPermissionManager.java:580)';

describe('a refusal of who asks', () => {
  // Remarks of a broker of 5.5.0.
  it.each([
    ['username cannot be null.', 'NO_CREDENTIALS', null, null],
    ['User:bob is not found.', 'UNKNOWN_USER', 'bob', null],
    ['User:bob not found.', 'UNKNOWN_USER', 'bob', null],
    ['User:bob is disabled.', 'USER_DISABLED', 'bob', null],
    ['check signature failed.', 'WRONG_SECRET', null, null],
    [
      'User:viewer has no permission to access Topic:AT from 127.0.0.1, no matched policies.',
      'NOT_ALLOWED',
      'viewer',
      'Topic:AT',
    ],
    [
      'User:viewer has no permission to access Group:g from 10.0.0.9, the decision is deny.',
      'NOT_ALLOWED',
      'viewer',
      'Group:g',
    ],
  ])('of ACL 2.0: %s', (remark, cause, user, resource) => {
    expect(accessRefusalOf(16, remark)).toEqual({ cause, user, resource });
  });

  // Remarks of a broker of 4.9.7.
  it.each([
    [`No accessKey is configured${VALIDATE}`, 'NO_CREDENTIALS', null, null],
    [`No acl config for bob-the-builder${VALIDATE}`, 'UNKNOWN_USER', 'bob-the-builder', null],
    [`Check signature failed for accessKey=sandbox-reader${VALIDATE}`, 'WRONG_SECRET', 'sandbox-reader', null],
    [
      `Need admin permission for request code=17, but accessKey=sandbox-reader is not${CHECK}`,
      'NEEDS_ADMIN',
      'sandbox-reader',
      null,
    ],
    [`No default permission for topic:X${CHECK}`, 'NOT_ALLOWED', null, 'topic:X'],
    [`something that 4.9.7 does not say${CHECK}`, 'NOT_ALLOWED', null, null],
  ])('of ACL 1.0: %s', (remark, cause, user, resource) => {
    expect(accessRefusalOf(1, ACL_1 + remark)).toEqual({ cause, user, resource });
  });

  it('is nothing else that a broker does not permit, and no other system error', () => {
    expect(accessRefusalOf(16, 'the broker[broker-a] pulling message is forbidden')).toBeNull();
    expect(accessRefusalOf(1, 'java.lang.NullPointerException, check signature failed.')).toBeNull();
    expect(accessRefusalOf(2, 'username cannot be null.')).toBeNull();
  });

  it('is the cause of a failure, with what its text needs', () => {
    const error = new RocketMQError(16, 'User:bob is not found.', 'GET_CONSUME_STATS', '10.0.0.1:10911');
    expect(causeOf(error)).toMatchObject({ code: 'UNKNOWN_USER', params: { user: 'bob', resource: 'none' } });
    expect(causeOf(new RocketMQError(17, 'no topic', 'GET_CONSUME_STATS', 'a:1'))).toEqual({
      code: '17',
      message: 'GET_CONSUME_STATS at a:1 answered 17: no topic',
    });
  });
});
