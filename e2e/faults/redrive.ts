import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobDetail, JobItem, JobSummary } from '@/lib/contract/jobs';
import type { RedrivePlan } from '@/lib/contract/plans';
import { type Console, freePort, startConsole } from '../console';
import { type Api, apiOf } from '../harness/api';
import type { WireProxy } from '../proxy/proxy';
import type { OracleMessage } from '../sandbox/oracle';
import { type Account, account, forgotten, sendsOf } from './account';
import type { Fault } from './fault';
import { BROKER_FAULTS } from './names';
import type { Scene, Seen } from './run-hooks';
import { type Group, replaceLetters, type Stage, until } from './stage';
import { sendAndLeave } from './viewer';

const ENDED = ['DONE', 'PARTIAL', 'FAILED', 'CANCELLED'];
const WITHIN_MS = 240_000;

const asked = ({ token, confirm }: RedrivePlan) => ({
  token,
  reason: 'a test of faults',
  ...(confirm !== null && { confirm }),
});

/** Every redrive takes its letters from the ledger, as one of more than a thousand does. */
const LARGE = { REDRIVE_CRASH_TEST: 'true', REDRIVE_LIST_LETTERS: '10' };

/** A redrive from its plan to its end, with as many consoles as it takes. */
export class Redrive {
  crashes = 0;
  readonly problems: string[] = [];
  #console: Console | undefined;
  #isArmed = false;
  #plan: RedrivePlan | undefined;
  #job: JobSummary | undefined;
  #letters: OracleMessage[] | undefined;
  /** Sends of processes that are dead, which the next one has to know. */
  #unproved = false;
  readonly #key = randomUUID();
  readonly #api: Api;
  readonly scene: Scene;

  constructor(
    private readonly stage: Stage,
    private readonly fault: Fault,
    private readonly group: Group,
    private readonly wire: WireProxy,
    private readonly seat: { port: number; name: string; masters: number; target: string },
  ) {
    this.#api = apiOf(() => this.#console?.url ?? '');
    this.scene = {
      stage,
      group,
      wire,
      api: this.#api,
      url: () => this.#console?.url ?? '',
      masters: seat.masters,
      target: seat.target,
      dataDir: this.#dataDir,
      pauses: [],
      restart: (env) => this.#restart(env),
      startAnother: () => this.#startAnother(),
      blame: (problem) => void this.problems.push(problem),
    };
  }

  async toTheEnd(): Promise<Seen> {
    const until = Date.now() + WITHIN_MS;
    for (;;) {
      try {
        this.#console ??= await this.#start();
        const seen = await this.#work(until);
        if (!this.fault.mustCrash || this.crashes > 0) return seen;
        // A kill that nobody timed may come after the end.
        await this.#untilDead();
      } catch (error) {
        if (this.#console && !(await this.#isDead())) throw error;
        if (Date.now() > until) throw error;
      }
      this.crashes++;
      this.#console = undefined;
      this.#unproved = true;
      this.wire.clearRules();
    }
  }

  async compare({ job, items }: Seen): Promise<Account> {
    const { group } = this.group;
    const { frames } = this.wire;
    const letters = this.#letters ?? [];
    const target = await this.stage.oracle.readAll(this.seat.target);
    const refused = this.fault.refused(this.wire, job.id);
    const found = account({ job, items, letters, target, frames, refused });
    const { listed, problems } = found;
    if (job.state !== 'DONE' && !this.fault.mayEnd.includes(job.state))
      problems.push(`the job ended as ${job.state}: ${JSON.stringify(job.note)}`);
    // What a broker does that comes back from a stop or a freeze is not known to the frame.
    const isExact = !(BROKER_FAULTS as readonly string[]).includes(this.fault.name);
    if (isExact && listed !== this.fault.duplicates)
      problems.push(`${listed} duplicates listed instead of ${this.fault.duplicates}`);
    const jobs = await this.#api.get<{ items: unknown[] }>('/api/jobs', { group });
    if (jobs.items.length !== 1) problems.push(`G3: ${jobs.items.length} jobs instead of one`);
    await this.fault.hooks.check?.(this.scene, { job, items });
    return found;
  }

  async stop(): Promise<void> {
    await this.#console?.kill();
  }

  get #dataDir(): string {
    return path.join(this.stage.scratch, `faults-${this.seat.name}`);
  }

  /** A process that dies while it starts counts as one that died. */
  async #start(env = this.fault.env[this.crashes]): Promise<Console> {
    return startConsole(this.stage, {
      dataDir: this.#dataDir,
      port: await freePort(this.seat.port),
      addressMap: this.wire.addressMap,
      logFile: `${this.#dataDir}.log`,
      env: { REDRIVE_SWEEP_MS: '2000', ...(this.fault.isLarge && LARGE), ...env },
      mayDie: true,
    });
  }

  async #restart(env: () => Record<string, string>): Promise<void> {
    await this.#console?.stop();
    this.#console = await this.#start(env());
    if (this.#job) this.#unproved = true;
    await this.#untilWhole();
  }

  async #startAnother(): Promise<string | null> {
    try {
      const another = await this.#start();
      await another.kill();
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  }

  async #work(deadline: number): Promise<Seen> {
    const { group, letters } = this.group;
    const { hooks } = this.fault;
    await this.#untilWhole();
    let shown: number | undefined;
    const all = async () => {
      const found = await this.#api.look<{ items: unknown[] }>('/api/dead-letters/messages', { group, limit: 200 });
      shown = found.items?.length;
      return shown === letters;
    };
    await this.#until('all letters', all).catch((error: Error) => {
      throw new Error(`${error.message}: ${shown} of ${letters}`);
    });
    const plan = () => this.#until('a plan', () => this.#makePlan());
    this.#plan ??= await plan();
    if (this.fault.name === 'letters_replaced') {
      await replaceLetters(this.stage, this.group, this.seat.masters);
      await this.#refused(this.#plan);
      this.#plan = await plan();
    }
    this.#letters ??= await this.stage.oracle.readAll(`%DLQ%${group}`);
    if (!this.#job) {
      await hooks.beforeStart?.(this.scene);
      this.#arm();
      this.#job = await (this.fault.name === 'two_operators'
        ? this.#startTwice(this.#plan, await plan())
        : this.#startJob(this.#plan));
      await hooks.meanwhile?.(this.scene, this.#job.id);
    }
    const { id } = this.#job;
    if (this.#unproved) await this.#prove(id);
    for (;;) {
      const job = await this.#api.get<JobDetail>('/api/jobs/detail', { id });
      if (ENDED.includes(job.state)) return { job, items: await this.#items(id) };
      if (job.can.resume) {
        this.scene.pauses.push(job.note?.key ?? '');
        await hooks.beforeResume?.(this.scene, job);
        await this.#api.post('/api/jobs/resume', { id, reason: 'the console is up again' });
      }
      if (Date.now() > deadline) throw new Error(`${this.seat.name}: ${job.state} ${JSON.stringify(job.outcomes)}`);
      await delay(200);
    }
  }

  async #makePlan(): Promise<RedrivePlan | undefined> {
    const { group, letters } = this.group;
    const { rate } = this.fault;
    const target = this.fault.toTopic ? { kind: 'topic', topic: this.seat.target } : { kind: 'group' };
    const asked = { group, select: { all: true }, target, rate };
    const { status, body } = await this.#api.post<RedrivePlan>('/api/plans/redrive', asked);
    const isWhole = status === 200 && body.failures.length === 0 && body.refused === null;
    return isWhole && body.count === letters ? body : undefined;
  }

  /** With the same key as before a crash: one job, however often it is asked for. */
  async #startJob(plan: RedrivePlan): Promise<JobSummary> {
    // F36: the network goes when the request has left, and nobody hears the answer.
    if (this.fault.name === 'viewer_cut') await sendAndLeave(`${this.scene.url()}/api/jobs`, asked(plan), this.#key);
    const [answer, again] = await Promise.all([
      this.#post(plan, this.#key),
      this.fault.name === 'double_click' ? this.#post(plan, this.#key) : null,
    ]);
    if (again && (again.status !== 202 || again.body.id !== answer.body.id))
      this.problems.push(`F35: the second click was answered ${again.status} ${again.text}`);
    // F34: without a durable intent nothing begins.
    const { afterRefusal } = this.fault.hooks;
    if (answer.status === 503 && afterRefusal) {
      this.scene.pauses.push('start_refused');
      await afterRefusal(this.scene);
      return this.#startJob(plan);
    }
    if (answer.status !== 202) throw new Error(`POST /api/jobs: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  #post(plan: RedrivePlan, key: string) {
    return this.#api.post<JobSummary>('/api/jobs', asked(plan), { 'idempotency-key': key });
  }

  /** F35: of two operators who start the same at once one is refused. */
  async #startTwice(...plans: RedrivePlan[]): Promise<JobSummary> {
    const answers = await Promise.all(plans.map((plan) => this.#post(plan, randomUUID())));
    const started = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status === 409);
    if (started.length !== 1 || refused.length !== 1)
      this.problems.push(`F35: answers ${answers.map(({ status }) => status).join(' and ')}`);
    if (!started[0]) throw new Error(`POST /api/jobs: ${answers[0]?.text}`);
    return started[0].body;
  }

  /** F26: other letters lie where the plan's have lain; none of them is sent. */
  async #refused(plan: RedrivePlan): Promise<void> {
    const { status, text } = await this.#post(plan, randomUUID());
    if (status !== 409) this.problems.push(`F26: the stale plan was answered ${status} ${text}`);
    if (this.wire.requests(310).length > 0) this.problems.push('F26: something was sent');
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    const victim = this.#console;
    this.fault.arm(this.wire, () => void victim?.kill(), this.scene);
  }

  /** G3: the new process knows of everything that the dead ones may have sent. */
  async #prove(id: string): Promise<void> {
    const sends = sendsOf([...this.wire.frames], id);
    this.problems.push(...forgotten(sends, await this.#items(id)));
    this.#unproved = false;
  }

  async #items(id: string): Promise<JobItem[]> {
    return (await this.#api.get<{ items: JobItem[] }>('/api/jobs/items', { id, limit: 500 })).items;
  }

  async #untilWhole(): Promise<void> {
    await this.#until('a whole cluster', async () => {
      const { items } = await this.#api.look<{ items: { health: string }[] }>('/api/clusters');
      return items?.[0]?.health === 'ok';
    });
  }

  /** Ends at once when the console is gone. */
  #until<T>(what: string, read: () => Promise<T | undefined | false>): Promise<T> {
    return until(`${this.seat.name}: ${what}`, read);
  }

  async #isDead(): Promise<boolean> {
    // Its sockets go before its end is known here.
    for (let tries = 0; tries < 20 && !this.#console?.hasEnded; tries++) await delay(50);
    return this.#console?.hasEnded === true;
  }

  async #untilDead(): Promise<void> {
    await until(`${this.seat.name}: the crash`, async () => this.#console?.hasEnded, 10_000);
  }
}
