import type { JobItem } from '@/lib/contract/jobs';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { Operation } from '@/lib/store/operations';
import { isActive } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import type { JobCtx } from '../jobs/control';
import { runJob } from '../jobs/run-job';
import type { Outcome } from '../mutation';
import { REDRIVE_JOB, redriveMutation } from './job';
import { type JournalFile, Life } from './journal-file.fixture';
import { ModelWatch } from './model-watch.fixture';
import { REDRIVE_TIMES, type RedriveTimes } from './run-context';
import { all, sceneOf } from './scene.fixture';
import { type Fate, UnreliableBroker } from './unreliable-broker.fixture';
import { VirtualClock, VirtualControl } from './virtual-clock.fixture';

export type Disturbance =
  | { kind: 'kill' | 'pause' | 'stop' | 'cancel' }
  | { kind: 'deafen'; at: number }
  | { kind: 'expire'; at: number; count: number }
  | { kind: 'outage'; at: number; ms: number };

/** Everything that can go otherwise in one redrive. */
export interface Script {
  masters: 1 | 2;
  letters: number;
  /** Messages a second: also how many go out in one window, at most 20. */
  rate: number;
  target: 'group' | 'origin';
  /** Messages of others in the target queues beforehand. */
  strangers: number;
  consumer: 'none' | 'takes' | 'fails';
  /** Of the frames, as they leave; those after them go well. */
  fates: Fate[];
  /** Each so many steps after the one before; a step is a message to the store or the broker, or its answer. */
  disturbances: { after: number; what: Disturbance }[];
  /** What the operator does, and how long after, each time the job stands still; later on: resume. */
  rests: { ms: number; act: 'resume' | 'cancel' }[];
}

export interface Story {
  script: Script;
  operation: Operation;
  count: number;
  counts: Record<string, number>;
  items: JobItem[];
  exceptions: JobItem[];
  brokers: UnreliableBroker[];
  watch: ModelWatch;
}

const GROUP = 'g';
const RETRY = `%RETRY%${GROUP}`;
const MOST_RUNS = 60;
/** A file takes time that is not on the clock. */
const withoutReport = async (_ctx: unknown, _operation: unknown, outcome: Outcome) => outcome;
const sumOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Plays one script to its end: plans, starts, and lets consoles and operators come and go until the job has ended. */
export async function play(script: Script, file: JournalFile): Promise<Story> {
  const clock = new VirtualClock();
  const scene = sceneOf(undefined as never, script.letters, script.masters);
  const { cluster } = scene.ctx;
  const brokers = scene.brokers.map((fake) => new UnreliableBroker(fake, clock, `%DLQ%${GROUP}`));
  const brokerAt = (at: number) => brokers[at % brokers.length] as UnreliableBroker;
  const watch = new ModelWatch(brokers, file, clock);
  const fates = structuredClone(script.fates);
  for (const broker of brokers) prepare(script, broker, fates);
  await file.lookAt(cluster);
  const rests = [...script.rests];
  const disturbances = [...script.disturbances];
  // As the journal keeps it: who takes the job up after a crash knows it too.
  let isCancelRequested = false;

  const born = async () => {
    const life = new Life();
    const control = new VirtualControl(clock);
    const sleep = (ms: number) => life.still(clock.sleep(ms));
    const times: RedriveTimes = { ...REDRIVE_TIMES, judgeMs: 0, sleep };
    const clients = new Map(brokers.map((broker) => [broker.fake.name, broker.clientOf(life)]));
    const client = {
      ...scene.ctx.client,
      openLane: (broker: string) => clients.get(broker)?.openLane(broker),
      call: (request: never, input: never, target: { broker: string }) =>
        clients.get(target.broker)?.call(request, input, target as never),
    } as unknown as Ctx['client'];
    const store = await file.storeOf(life);
    const ctx: JobCtx = { ...scene.ctx, client, store, now: clock.now, job: { control, exportsDir: '' } };
    return { life, control, ctx, mutation: redriveMutation(times, withoutReport) };
  };
  type Console = Awaited<ReturnType<typeof born>>;
  const within = <T>({ life }: Console, work: Promise<T>) => clock.until(life.orKilled(work), file.quiet);
  const undisturbed = async <T>(work: (console: Console) => Promise<T>): Promise<T> => {
    const console = await born();
    return (await within(console, work(console))) as T;
  };

  const { plan, input } = await undisturbed(async ({ ctx }) => {
    const { plan, frozen } = await REDRIVE_JOB.makePlan(ctx, {
      ...all,
      rate: script.rate,
      target: { kind: script.target },
    });
    return { plan, input: REDRIVE_JOB.toInput(plan, JSON.parse(JSON.stringify(frozen))) };
  });
  if (plan.refused) throw new Error(`the plan is refused: ${plan.refused.key}`);
  const jobOf = async ({ ctx }: Console) =>
    (await ctx.store.operations.list({ cluster, kinds: ['redrive'], limit: 1 }))[0] ?? null;

  const work = async (console: Console): Promise<Operation> => {
    const { ctx, mutation } = console;
    const known = await jobOf(console);
    if (known && !isActive(known.state)) return known;
    const operation = known ?? (await mutation.start(ctx, input, { reason: 'test' })).operation;
    return runJob(ctx, operation, mutation);
  };

  for (let runs = 0; runs < MOST_RUNS; runs += 1) {
    const console = await born();
    watch.begin(runs);
    if (isCancelRequested) {
      console.control.request('cancel', 'Ann');
      watch.beginsToEnd();
    }
    const disarm = arm(console);
    const ended = await within(console, work(console));
    disarm();
    isCancelRequested ||= console.control.checkpoint() === 'cancel';
    console.life.kill();
    watch.ended(ended === 'killed' ? 'killed' : `${ended.state} ${ended.errorJson ?? ''}`);
    const operation = await undisturbed(jobOf);
    if (operation && !isActive(operation.state)) return tell(operation);
    if (!operation) continue;

    watch.isTrue(sumOf(await countsOf(operation)) === plan.count, 'the counts of a job at rest are not its selection');
    const { ms, act } = rests.shift() ?? { ms: 20_000, act: 'resume' };
    await undisturbed(() => clock.sleep(ms));
    await undisturbed((found) => atRest(found, operation, act));
    isCancelRequested ||= act === 'cancel';
  }
  throw new Error('the job never ends');

  /** As the job runner finds it after a restart, and as the operator decides. */
  async function atRest({ ctx }: Console, operation: Operation, act: 'resume' | 'cancel'): Promise<void> {
    watch.note(`operator: ${act}`);
    if (operation.state === 'RUNNING' || operation.state === 'VERIFYING') {
      const errorJson = JSON.stringify({ key: 'interrupted_wait', params: { minutes: 1 } });
      await ctx.store.operations.updateAs(operation.id, operation.epoch, { state: 'PAUSED', errorJson });
    }
  }

  function arm({ life, control }: Console): () => void {
    let left = disturbances[0]?.after ?? Number.POSITIVE_INFINITY;
    const step = () => {
      left -= 1;
      if (left > 0) return;
      const what = disturbances.shift()?.what;
      left = disturbances[0]?.after ?? Number.POSITIVE_INFINITY;
      if (what) disturb(what, life, control);
    };
    for (const broker of brokers) broker.onStep = step;
    file.onStep = step;
    return () => {
      for (const broker of brokers) broker.onStep = () => {};
      file.onStep = () => {};
    };
  }

  function disturb(what: Disturbance, life: Life, control: VirtualControl): void {
    watch.note(JSON.stringify(what));
    if (what.kind === 'kill') {
      life.kill();
      // What its sockets held is the kernel's now.
      for (const { frames } of brokers) for (const frame of frames) frame.isHeldBack = false;
    } else if (what.kind === 'expire') brokerAt(what.at).expire(what.count);
    else if (what.kind === 'outage') brokerAt(what.at).goDown(what.ms);
    else if (what.kind === 'deafen') brokerAt(what.at).deaf += 1;
    else {
      control.request(what.kind, 'Ann');
      watch.asked(what.kind);
    }
  }

  async function countsOf(operation: Operation) {
    return undisturbed(async ({ ctx }) => (await REDRIVE_JOB.outcomes?.(ctx.store, operation)) ?? {});
  }

  async function tell(operation: Operation): Promise<Story> {
    const page = (only: 'all' | 'exceptions') =>
      undisturbed(async ({ ctx }) => REDRIVE_JOB.items?.(ctx.store, operation, { only, limit: 100 }));
    const items = (await page('all'))?.items ?? [];
    const exceptions = (await page('exceptions'))?.items ?? [];
    const counts = await countsOf(operation);
    // What is still on its way comes after the report.
    await undisturbed(() => clock.sleep(60_000));
    return { script, operation, count: plan.count, counts, items, exceptions, brokers, watch };
  }
}

function prepare(script: Script, broker: UnreliableBroker, fates: Fate[]): void {
  const { fake } = broker;
  broker.fates = fates;
  broker.onStored = (message) => consume(script, fake, message);
  for (const [topic, { queues }] of fake.topics) {
    if (topic.startsWith('%DLQ%')) continue;
    for (let queueId = 0; queueId < queues; queueId += 1)
      for (let n = 0; n < script.strangers; n += 1) fake.put(topic, { queueId });
  }
  for (const letter of fake.queue(`%DLQ%${GROUP}`, 0))
    letter.storedBody = Buffer.from(String(letter.properties.UNIQ_KEY));
}

function consume({ consumer }: Script, fake: UnreliableBroker['fake'], message: StoredMessage): void {
  if (consumer === 'none') return;
  fake.consume(message);
  if (consumer === 'takes') return;
  fake.failAgain(message, RETRY);
  fake.put(RETRY, { properties: message.properties, reconsumeTimes: 1, storedAt: message.storedAt });
}
