/** `PermName.java`: 4 read, 2 write. Key below `topics.detail.perms`. */
export const permKey = (perm: number): 'rw' | 'r' | 'w' | 'none' =>
  perm & 4 ? (perm & 2 ? 'rw' : 'r') : perm & 2 ? 'w' : 'none';
