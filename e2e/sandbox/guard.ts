import { spawn } from 'node:child_process';

/**
 * Kills the given processes, each with its group, when this one goes, however it goes (Ctrl-C, crash, kill -9): a shell in a session of its own
 * reads `+ pid` and `- pid` from a pipe and acts when the pipe closes. It also removes the folder, if one is named.
 */
const SCRIPT = `
live=" "
while read -r sign pid; do
  case "$sign" in
    +) live="$live$pid " ;;
    -) live="\${live%% $pid *} \${live#* $pid }" ;;
  esac
done
for pid in $live; do kill -9 "-$pid" 2>/dev/null || kill -9 "$pid" 2>/dev/null; done
if [ -n "$1" ]; then
  for try in 1 2 3 4 5; do rm -rf "$1" && break; sleep 1; done
fi
`;

export interface Guard {
  watch(pid: number): void;
  forget(pid: number): void;
  /** Acts at once and resolves when everything is gone. */
  close(): Promise<void>;
}

export function startGuard(folderToRemove?: string): Guard {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'guard', folderToRemove ?? ''], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.unref();
  const gone = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
  return {
    watch: (pid) => void shell.stdin.write(`+ ${pid}\n`),
    forget: (pid) => void shell.stdin.write(`- ${pid}\n`),
    close: () => {
      shell.ref();
      shell.stdin.end();
      return gone;
    },
  };
}
