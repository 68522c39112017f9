import { parseFastjson } from '../codec/fastjson';
import { objectOf, textOf } from '../codec/fastjson-fields';
import { defineRequest } from '../define-request';

export interface AuthUser {
  username: string;
  /** `Super` passes every check. */
  type: string | null;
  /** `enable` or `disable`. */
  status: string | null;
}

/**
 * Master; needs `Cluster:<name>` Get (5.3 and later). Field `filter`, a part of the name; body
 * `[{"username":"u","password":"…","userType":"Normal","userStatus":"enable"},…]` (`UserInfo`). The passwords come in clear
 * text: they are left behind here.
 */
export const AUTH_LIST_USER = defineRequest<{ filter?: string }, AuthUser[], 'READ'>({
  name: 'AUTH_LIST_USER',
  code: 3005,
  access: 'READ',
  encode: ({ filter }) => ({ fields: { filter } }),
  decode: (reply) => {
    const users = parseFastjson(reply.body);
    return (Array.isArray(users) ? users : []).map((each) => {
      const user = objectOf(each);
      return { username: textOf(user.username) ?? '', type: textOf(user.userType), status: textOf(user.userStatus) };
    });
  },
});
