import type { JobDetail, JobItem } from '@/lib/contract/jobs';
import type { Api } from '../harness/api';
import type { WireProxy } from '../proxy/proxy';
import type { Group, Stage } from './stage';

export interface Seen {
  job: JobDetail;
  items: JobItem[];
}

/** What a fault may use and do between the steps of its redrive. */
export interface Scene {
  stage: Stage;
  group: Group;
  wire: WireProxy;
  api: Api;
  /** Of the console that runs at the moment. */
  url(): string;
  masters: number;
  dataDir: string;
  /** Where the copies go. */
  target: string;
  /** Why the job has paused, as often as it did; `start_refused` when it was not even begun. */
  pauses: string[];
  /** Stops the console, so that its data lie still, and starts it with this environment as well. */
  restart(env: () => Record<string, string>): Promise<void>;
  /** A second console on the same data; resolves to why it did not start. */
  startAnother(): Promise<string | null>;
  /** Adds to what the verdict blames. */
  blame(problem: string): void;
}

export interface RunHooks {
  /** More letters, or other things that have to be there before the console looks. */
  prepare?(scene: Scene): Promise<void>;
  /** Between the plan and the start of the job. */
  beforeStart?(scene: Scene): Promise<void>;
  /** The start was refused for want of a journal; it is asked for again after this. */
  afterRefusal?(scene: Scene): Promise<void>;
  /** While the job runs; the harness goes on when it has ended. */
  meanwhile?(scene: Scene, jobId: string): Promise<void>;
  /** The job has paused and is about to be resumed. */
  beforeResume?(scene: Scene, job: JobDetail): Promise<void>;
  /** What the report has to say beside the account. */
  check?(scene: Scene, seen: Seen): Promise<void> | void;
  /** Whatever came of it: nothing is left broken for the next one. */
  clean?(scene: Scene): Promise<void>;
}
