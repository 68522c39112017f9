import type { ThreadGroup } from '@/lib/contract/threads';
import type { ThreadStack } from './parse';

export interface ThreadSummary {
  /** Threads that run the group's listener, alike ones together: blocked first, idle last. */
  consume: ThreadGroup[];
  /** All others, by state. */
  others: { state: string; count: number }[];
  threads: number;
}

const KINDS: readonly ThreadGroup['kind'][] = ['blocked', 'waiting', 'io', 'running', 'idle'];
/** Frames from the listener inwards that make two threads alike. */
const TOP = 8;
const NAMES = 20;

/**
 * What the consume threads of a group do. Alike are those of one kind with the same innermost frames. One process may hold
 * clients of several groups: from 5.x on the thread's name ends in the group's.
 */
export function summariseThreads(threads: readonly ThreadStack[], group: string): ThreadSummary {
  const consume = consumersOf(threads, group);
  const mine = new Set(consume);
  const owners = new Map(threads.flatMap((thread) => thread.owns.map((monitor) => [monitor, thread.name] as const)));
  const groups = new Map<string, ThreadGroup>();
  for (const thread of consume) {
    const kind = kindOf(thread);
    const frames = kind === 'idle' ? thread.frames.slice(0, 1) : thread.frames;
    const key = [kind, thread.state, thread.waitsFor, ...frames.slice(0, TOP)].join('\n');
    const alike = groups.get(key);
    if (alike) {
      alike.count += 1;
      if (alike.names.length < NAMES) alike.names.push(thread.name);
      continue;
    }
    groups.set(key, {
      kind,
      state: thread.state,
      count: 1,
      names: [thread.name],
      frames: kind === 'idle' ? [] : thread.frames.map(plain),
      ownFrame: kind === 'idle' ? null : ownFrameOf(thread.frames),
      waitsFor: thread.waitsFor,
      lockOwner: thread.waitsFor === null ? null : (owners.get(thread.waitsFor) ?? null),
    });
  }
  const others = new Map<string, number>();
  for (const thread of threads) if (!mine.has(thread)) others.set(thread.state, (others.get(thread.state) ?? 0) + 1);
  return {
    consume: [...groups.values()].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.count - a.count),
    others: [...others].map(([state, count]) => ({ state, count })).sort((a, b) => b.count - a.count),
    threads: threads.length,
  };
}

/** `ConsumeMessageThread_<group>_3` since 5.x; earlier clients leave the group out, and then all are taken. */
function consumersOf(threads: readonly ThreadStack[], group: string): ThreadStack[] {
  const named = threads.filter(({ name }) => name.startsWith(`ConsumeMessageThread_${group.slice(0, 100)}_`));
  return named.length > 0 ? named : threads.filter(({ name }) => /^ConsumeMessageThread_\d+$/.test(name));
}

const CONSUMING = /ConsumeMessage\w*Service\$\w*ConsumeRequest\.run|consumeMessage\w*\(/;
/** Frames in which a thread that the JVM calls runnable waits for another machine or a disk. */
const IO =
  /socketRead0|SocketDispatcher\.read|Net\.poll|EPoll\.wait|NioSocketImpl\.|FileDispatcherImpl\.|FileInputStream\.read/;

function kindOf({ state, frames }: ThreadStack): ThreadGroup['kind'] {
  const isConsuming = frames.some((frame) => CONSUMING.test(frame));
  if (!isConsuming && frames.some((frame) => frame.includes('ThreadPoolExecutor.getTask'))) return 'idle';
  if (state === 'BLOCKED') return 'blocked';
  if (state === 'WAITING' || state === 'TIMED_WAITING') return 'waiting';
  return frames.slice(0, 3).some((frame) => IO.test(frame)) ? 'io' : 'running';
}

/** `app//`, `java.base@17.0.9/`: class loader and module say nothing to a reader. */
const plain = (frame: string): string => frame.replace(/^(?:[\w.@-]*\/)+/, '');
const LIBRARY = /^(?:java|javax|jdk|sun|com\.sun|kotlin|scala)\.|^org\.apache\.rocketmq\.|^org\.springframework\./;

/** The innermost frame that is neither the JDK's nor RocketMQ's: where the application stands. */
function ownFrameOf(frames: readonly string[]): string | null {
  return frames.map(plain).find((frame) => !LIBRARY.test(frame)) ?? null;
}
