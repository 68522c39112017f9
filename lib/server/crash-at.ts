import 'server-only';
import type { CrashPoint } from '@/lib/domain/crash-point';

/** SIGKILL to this process when it comes to the point for the `count`-th time: nothing after it is carried out. */
export function crashWhenAt(
  { point, count }: { point: CrashPoint; count: number },
  kill = () => void process.kill(process.pid, 'SIGKILL'),
): (name: CrashPoint) => void {
  let left = count;
  return (name) => {
    if (name !== point) return;
    left -= 1;
    if (left === 0) kill();
  };
}
