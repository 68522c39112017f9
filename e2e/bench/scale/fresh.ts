import { takeSnapshot } from '@/lib/domain/snapshot/take';
import { dumpRows } from './rows';
import { openSession } from './session';
import { targetOf } from './target';

// A picture made from nothing, into a file.
const { ctx } = openSession(targetOf(process.argv[2]).nameServers);
takeSnapshot(ctx, null)
  .then((snapshot) => dumpRows(snapshot, process.argv[3] ?? ''))
  .then(
    () => {
      process.stdout.write('REPORT {}\n');
      process.exit(0);
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
