import { createHmac } from 'node:crypto';

/** Returns the ext fields to add. Called with the exact strings and bytes that will be sent. */
export type Signer = (fields: Readonly<Record<string, string>>, body: Buffer) => Record<string, string>;

export interface AclCredentials {
  accessKey: string;
  secretKey: string;
  securityToken?: string;
}

/**
 * ACL 1.0 and 2.0: base64(HMAC-SHA1(values in key order + body)). Follows `AclClientRPCHook.java` and `AclSigner.java`.
 */
export function aclSigner({ accessKey, secretKey, securityToken }: AclCredentials): Signer {
  return (fields, body) => {
    const identity = {
      AccessKey: accessKey,
      ...(securityToken === undefined ? {} : { SecurityToken: securityToken }),
    };
    const { Signature: _, ...signed }: Record<string, string> = { ...fields, ...identity };
    const hmac = createHmac('sha1', secretKey);
    for (const key of Object.keys(signed).sort()) hmac.update(signed[key] ?? '', 'utf8');
    return { ...identity, Signature: hmac.update(body).digest('base64') };
  };
}
