import { expect, it } from 'vitest';
import { encodeFrame } from '../remoting/frame';
import { SIGNED_REQUEST } from '../remoting/vectors.fixture';
import { aclSigner } from './sign';

const NO_BODY = Buffer.alloc(0);

it('signs TV5a and writes its frame byte for byte (AclSigner of RocketMQ develop 8fc57f14)', () => {
  const fields = { topic: 'TopicTest' };
  const added = aclSigner({ accessKey: 'dashboard', secretKey: 's3cr3t-Key' })(fields, NO_BODY);
  expect(added).toEqual({ AccessKey: 'dashboard', Signature: 'gitcsBZFC8tbKa4rvPvQn/wgNDo=' });
  const extFields = { ...fields, ...added };
  const head = { code: 105, language: 'OTHER', version: 479, opaque: 9, flag: 0 };
  expect(encodeFrame({ ...head, extFields, body: NO_BODY }).toString('hex')).toBe(SIGNED_REQUEST);
});

it('signs TV5b: a token, upper case before _ before lower case, and the body', () => {
  const signer = aclSigner({ accessKey: 'dashboard', secretKey: 's3cr3t-Key', securityToken: 'tok' });
  const fields = { topic: 'T', queueId: '0', _UNIQUE_KEY_QUERY: 'true', bname: 'broker-a' };
  expect(signer(fields, Buffer.from('{"a":1}'))).toEqual({
    AccessKey: 'dashboard',
    SecurityToken: 'tok',
    Signature: 'uh6abwq6SSilazHUmm5KRjRL/H0=',
  });
});

it('leaves an older signature out of the signed text', () => {
  const signer = aclSigner({ accessKey: 'dashboard', secretKey: 's3cr3t-Key' });
  expect(signer({ topic: 'TopicTest', Signature: 'old' }, NO_BODY).Signature).toBe('gitcsBZFC8tbKa4rvPvQn/wgNDo=');
});
