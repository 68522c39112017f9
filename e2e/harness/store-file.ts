import path from 'node:path';
import Database from 'libsql';

/** The store of a running console, beside it: whoever writes waits while the console does. */
export function openStoreFile({ dataDir }: { dataDir: string }): InstanceType<typeof Database> {
  const file = new Database(path.join(dataDir, 'redrive.db'));
  file.exec('pragma busy_timeout = 10000');
  return file;
}
