/** One thread of a client as its stack dump shows it. */
export interface ThreadStack {
  name: string;
  /** `BLOCKED`, `WAITING`, `TIMED_WAITING`, `RUNNABLE`, … or `UNKNOWN`. */
  state: string;
  /** Innermost first, without `at`. */
  frames: string[];
  /** The monitor it waits for, as the dump names it. */
  waitsFor: string | null;
  /** Monitors it owns. */
  owns: string[];
}

const CLIENT_HEAD = /^(.*?)\s*TID: (\d+) STATE: (\w+)\s*$/;
const JVM_HEAD = /^"(.*)"(?: .*)?$/;
const JVM_STATE = /^\s*java\.lang\.Thread\.State: (\w+)/;
const JVM_FRAME = /^\s+at (.+)$/;
const JVM_LOCK = /^\s+- (waiting to lock|parking to wait for|waiting on|locked) (<0x[0-9a-f]+>(?: \(a [^)]*\))?)/;

/**
 * Threads of a stack dump: as RocketMQ's Java client writes it (`UtilAll.jstack`: every line begins with the thread's name,
 * padded to 40; nothing is told about locks) or as a JVM prints it. A dump in another form yields none.
 */
export function parseStacks(text: string): ThreadStack[] {
  const threads: ThreadStack[] = [];
  let thread: ThreadStack | undefined;
  const begin = (name: string, state: string) => {
    thread = { name, state, frames: [], waitsFor: null, owns: [] };
    threads.push(thread);
  };
  for (const line of text.split(/\r?\n/)) {
    const head = CLIENT_HEAD.exec(line);
    if (head) {
      begin(head[1] ?? '', head[3] ?? 'UNKNOWN');
      continue;
    }
    const quoted = JVM_HEAD.exec(line);
    if (quoted) {
      begin(quoted[1] ?? '', 'UNKNOWN');
      continue;
    }
    if (thread) addLine(thread, line);
  }
  return threads;
}

function addLine(thread: ThreadStack, line: string): void {
  const state = JVM_STATE.exec(line);
  if (state?.[1]) {
    thread.state = state[1];
    return;
  }
  const frame = JVM_FRAME.exec(line);
  if (frame?.[1]) {
    thread.frames.push(frame[1].trim());
    return;
  }
  const [, verb, monitor] = JVM_LOCK.exec(line) ?? [];
  if (monitor !== undefined) {
    if (verb === 'locked') thread.owns.push(monitor);
    else thread.waitsFor ??= monitor;
    return;
  }
  if (line.startsWith(thread.name) && line.length > thread.name.length) {
    const rest = line.slice(thread.name.length).trim();
    if (rest !== '') thread.frames.push(rest);
  }
}
