import type { JobDetail } from '@/lib/contract/jobs';
import type { RedriveCrashPoint } from '@/lib/domain/crash-point';
import type { RecordedFrame } from '../proxy/frame';
import type { WireProxy } from '../proxy/proxy';
import type { Rule } from '../proxy/rule';
import { propertiesOf, sendsOf } from './account';
import {
  expired,
  flushTimeout,
  ofBrokersClock,
  oneAway,
  secondConsole,
  slaveFrozen,
  storeFull,
  targetGone,
  uncertain,
  viewerCut,
} from './hooks';
import { CRASHES, type FaultName } from './names';
import { type Random, randomOf } from './random';
import type { RunHooks, Scene } from './run-hooks';

const SEND = 310;
const WINDOW = 20;

export interface Fault {
  name: FaultName;
  seed: number;
  letters: number;
  rate: number;
  /** Environment of the first process, and of the one that resumes. */
  env: readonly Record<string, string>[];
  /** Called when the job is about to be started. */
  arm(wire: WireProxy, kill: () => void, scene: Scene): void;
  hooks: RunHooks;
  /** Sent as if they were more than a list holds. */
  isLarge: boolean;
  /** To another topic than the group's own. */
  toTopic: boolean;
  /** How the job may end besides DONE. */
  mayEnd: readonly JobDetail['state'][];
  mustCrash: boolean;
  /** Duplicates that the report has to list, no more and no fewer. */
  duplicates: number;
  /** Sends that the proxy refused, as `n/k`. */
  refused(wire: WireProxy, jobId: string): Set<string>;
}

/** The same seed brings the same letters, the same rate and the same instant. */
export function faultOf(name: FaultName, seed: number): Fault {
  const random = randomOf(seed, name);
  const letters = random.between(WINDOW + 5, 3 * WINDOW);
  const fault: Fault = {
    name,
    seed,
    letters,
    rate: random.pick([40, 100, 200, 500]),
    env: [],
    arm: () => {},
    hooks: {},
    isLarge: (name.length + seed) % 2 === 0,
    toTopic: false,
    mayEnd: [],
    mustCrash: (CRASHES as readonly string[]).includes(name),
    duplicates: 0,
    refused: () => new Set(),
  };
  return { ...fault, ...(fault.mustCrash ? crash(name, random, fault) : wireFault(name, random, fault)) };
}

function crash(name: FaultName, random: Random, { letters, rate, seed }: Fault): Partial<Fault> {
  const windows = Math.ceil(letters / WINDOW);
  const at = (count: number, point = name) => ({ REDRIVE_CRASH_TEST: 'true', REDRIVE_CRASH_AT: `${point}:${count}` });
  // From the second seed on whoever resumes may die as well.
  const again = random.pick<RedriveCrashPoint | null>([
    null,
    'between_intent_and_frame',
    'answer_not_committed',
    'during_lane_scan',
    'between_last_result_and_final_scan',
    'between_final_scan_and_report',
  ]);
  const second = seed > 1 && again !== null ? [at(1, again)] : [];
  switch (name) {
    case 'before_first_intent':
    case 'between_intent_and_frame':
      return { env: [at(random.between(1, windows)), ...second] };
    case 'after_half_a_frame': {
      const nth = random.between(1, letters);
      return {
        env: [{}, ...second],
        arm: (wire, kill) => void onNth(wire, nth, 'request', { do: 'half' }).hit().then(kill),
      };
    }
    case 'after_frame_before_answer':
      return {
        env: [at(random.between(1, windows)), ...second],
        arm: (wire) => void wire.rule({ code: SEND, direction: 'response' }, { do: 'delay', ms: 300 }),
      };
    case 'answer_not_committed':
      return { env: [at(random.between(1, letters)), ...second] };
    case 'result_committed':
      return { env: [at(random.between(1, windows - 1)), ...second] };
    case 'during_resolution_wait':
    case 'during_lane_scan': {
      const nth = random.between(1, letters);
      const direction = random.pick(['request', 'response'] as const);
      return { env: [at(1), ...second], arm: (wire) => void onNth(wire, nth, direction, { do: 'rst' }) };
    }
    case 'random_instant': {
      const afterMs = random.between(0, Math.round((1000 * letters) / rate) + 400);
      return { env: [{}, ...second], arm: (_, kill) => void setTimeout(kill, afterMs) };
    }
    default:
      return { env: [at(1), ...second] };
  }
}

function wireFault(name: FaultName, random: Random, { letters }: Fault): Partial<Fault> {
  const nth = random.between(1, letters);
  const times = random.between(1, 3);
  const answer = (code: number, remark: string): Partial<Fault> => {
    const refused = new Set<number>();
    const rule = (wire: WireProxy) =>
      void wire.rule(
        {
          code: SEND,
          direction: 'request',
          times,
          where: (frame) => {
            refused.add(frame.opaque);
            return true;
          },
        },
        { do: 'answer', code, remark },
      );
    const ofRefused = (wire: WireProxy, jobId: string) => {
      const frames = wire.frames.filter(({ opaque }) => refused.has(opaque));
      return new Set(sendsOf(frames, jobId).map(({ n, k }) => `${n}/${k}`));
    };
    return { arm: rule, refused: ofRefused };
  };
  switch (name) {
    case 'viewer_cut':
      return { hooks: viewerCut };
    case 'two_operators':
    case 'double_click':
    case 'letters_replaced':
      return {};
    case 'clock_ahead':
      return wrongClock(10);
    case 'clock_behind':
      return wrongClock(-10);
    case 'second_console':
      return { hooks: secondConsole };
    case 'store_full':
      return { hooks: storeFull(random) };
    case 'letters_expired':
      return { hooks: expired(random), mayEnd: ['PARTIAL'] };
    case 'slave_frozen':
      return { hooks: slaveFrozen };
    case 'flush_timeout':
      return { hooks: flushTimeout };
    case 'target_deleted':
    case 'target_recreated':
      return targetFault(name === 'target_recreated', random.between(1, letters));
    case 'broker_killed':
    case 'broker_stopped':
    case 'broker_frozen': {
      const act = ({ broker_killed: 'kill', broker_stopped: 'stop', broker_frozen: 'freeze' } as const)[name];
      return {
        // One that has just begun again, or that finds its queue full of old requests, answers that it has not stored them.
        refused: answeredWith(2, 14, 215),
        arm: (wire, _, { stage: { breakable } }) =>
          void onNth(wire, nth, 'request', { do: 'delay', ms: 0 }).hit().then(breakable?.[act]),
      };
    }
    case 'one_of_two_gone':
    case 'one_of_two_hangs': {
      const [go, back] = name === 'one_of_two_gone' ? (['leave', 'comeBack'] as const) : (['hang', 'wakeUp'] as const);
      return {
        hooks: oneAway(back),
        // One that has just begun again may be busy.
        refused: answeredWith(2, 14, 215),
        arm: (wire, _, { stage: { breakable } }) =>
          void onNth(wire, Math.ceil(nth / 3), 'request', { do: 'delay', ms: 0 })
            .hit()
            .then(breakable?.[go]),
      };
    }
    case 'answer_lost':
      return { arm: (wire) => void onNth(wire, nth, 'response', { do: 'dropResponse' }) };
    case 'request_lost':
      return { arm: (wire) => void onNth(wire, nth, 'request', { do: 'blackhole' }) };
    case 'request_late':
      return {
        duplicates: 1,
        arm: (wire) => {
          let first: string | undefined;
          const late = wire.rule(
            {
              code: SEND,
              direction: 'request',
              times: 1,
              where: (frame) => {
                first = markOf(frame);
                return true;
              },
            },
            { do: 'deliverLate' },
          );
          // Its resend comes by: now the first arrives as well.
          wire.rule(
            {
              code: SEND,
              direction: 'request',
              where: (frame) => {
                if (late.hits > 0 && markOf(frame) === first) late.release();
                return false;
              },
            },
            { do: 'hold' },
          );
        },
      };
    case 'reset_after_store':
      return { arm: (wire) => void onNth(wire, nth, 'response', { do: 'rst' }) };
    case 'reset_before_store':
      return { arm: (wire) => void onNth(wire, nth, 'request', { do: 'rst' }) };
    case 'system_error':
      return { ...answer(1, 'system error'), refused: () => new Set() };
    case 'busy':
      return answer(2, '[TIMEOUT_CLEAN_QUEUE]broker busy, start flow control for a while');
    case 'not_available':
      return answer(14, 'service not available now');
    case 'no_slave':
      return {
        hooks: uncertain(11),
        arm: (wire) => void wire.rule({ code: SEND, direction: 'response', times }, { do: 'recode', code: 11 }),
      };
    default:
      return answer(215, 'flow control');
  }
}

function wrongClock(minutes: number): Partial<Fault> {
  const preload = new URL('./shift-clock.mjs', import.meta.url).href;
  const env = { NODE_OPTIONS: `--import=${preload}`, REDRIVE_CLOCK_SHIFT_MS: String(minutes * 60_000) };
  return { env: [env], hooks: ofBrokersClock(minutes) };
}

/** One send waits until the topic that it goes to has been deleted, and perhaps made anew. */
function targetFault(isRecreated: boolean, nth: number): Partial<Fault> {
  return {
    toTopic: true,
    mayEnd: ['PARTIAL'],
    hooks: targetGone(!isRecreated),
    arm: (wire, _, { stage: { oracle }, target, blame }) => {
      const held = onNth(wire, nth, 'request', { do: 'hold' });
      const act = async () => {
        await oracle.deleteTopic(target);
        if (isRecreated) await oracle.createTopic(target, { queues: 1 });
      };
      void held
        .hit()
        .then(act)
        .catch((error: Error) => blame(error.message))
        .finally(() => held.release());
    },
    // What a broker without the topic refuses is not stored.
    refused: answeredWith(17),
  };
}

/** Sends that a broker answered with one of these codes. */
const answeredWith =
  (...codes: number[]): Fault['refused'] =>
  ({ frames }, jobId) => {
    const answers = frames.filter(({ requestCode, code }) => requestCode === SEND && codes.includes(code));
    const keys = new Set(answers.map(({ target, opaque }) => `${target} ${opaque}`));
    const asked = frames.filter(({ target, opaque }) => keys.has(`${target} ${opaque}`));
    return new Set(sendsOf(asked, jobId).map(({ n, k }) => `${n}/${k}`));
  };

/** Number of the item that a send is for, whatever the attempt. */
const markOf = ({ fields }: RecordedFrame): string => propertiesOf(fields.i ?? '').RDX_N ?? '';

function onNth(
  wire: WireProxy,
  nth: number,
  direction: 'request' | 'response',
  action: Parameters<WireProxy['rule']>[1],
): Rule {
  let seen = 0;
  const where = () => {
    seen += 1;
    return seen === nth;
  };
  return wire.rule({ code: SEND, direction, times: 1, where }, action);
}
