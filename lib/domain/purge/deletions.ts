import { isActive } from '@/lib/store/schema';
import type { StoreTables } from '@/lib/store/tables';
import type { LetterQueue } from '../dead-letters/queues';
import type { StepDetail } from './steps';

/** The dead-letter topic of a group that was deleted on one broker, or may have been: the last time somebody did. */
export interface Deletion {
  jobId: string;
  group: string;
  broker: string;
  purgedAt: number;
  /** Queues that it had when the purge was planned. */
  queues: LetterQueue[];
  /** Records up to this position were removed; null when there were none. */
  lastPhysicalOffset: number | null;
  /** Of the process that deleted it, as the sweep knew it. */
  bootAt: number | null;
  /** While the job runs, its steps are its own. */
  isOver: boolean;
  /** Number of the job's last step. */
  lastStep: number;
  /** What was found after later starts of the broker, oldest first. */
  looks: { n: number; bootAt: number; returned: number }[];
}

/** Newest deletion of each group on each broker; of one group when it is named. */
export async function lastDeletions(
  { db }: Pick<StoreTables, 'db'>,
  cluster: string,
  group?: string,
): Promise<Deletion[]> {
  const rows = await db
    .selectFrom('operationStep as step')
    .innerJoin('operation as job', 'job.id', 'step.operationId')
    .select([
      'job.id',
      'job.inputJson',
      'job.state',
      'step.n',
      'step.broker',
      'step.action',
      'step.detailJson',
      'step.endedAt',
    ])
    .select((eb) =>
      eb
        .selectFrom('operationStep as each')
        .whereRef('each.operationId', '=', 'job.id')
        .select((of) => of.fn.max('each.n').as('lastStep'))
        .as('lastStep'),
    )
    .where('job.cluster', '=', cluster)
    .where('job.kind', '=', 'purge')
    .$if(group !== undefined, (query) => query.where('job.group', '=', group ?? ''))
    .where((eb) =>
      eb.or([
        eb('step.action', '=', 'look_again'),
        // One that nobody knows the outcome of may have been carried out.
        eb.and([eb('step.action', '=', 'delete_on_broker'), eb('step.state', 'in', ['DONE', 'UNKNOWN'])]),
      ]),
    )
    .orderBy('job.id')
    .orderBy('step.n')
    .execute();
  const last = new Map<string, Deletion>();
  for (const { id, inputJson, state, n, broker, action, detailJson, endedAt, lastStep } of rows) {
    const input = JSON.parse(inputJson) as { group: string; queues: LetterQueue[] };
    const detail = JSON.parse(detailJson ?? '{}') as StepDetail;
    const key = `${input.group} ${broker}`;
    if (action === 'look_again') {
      const { bootAt, returned } = detail;
      const before = last.get(key);
      if (before?.jobId === id && typeof bootAt === 'number' && typeof returned === 'number')
        before.looks.push({ n, bootAt, returned });
      continue;
    }
    last.set(key, {
      jobId: id,
      group: input.group,
      broker,
      purgedAt: endedAt ?? 0,
      queues: input.queues.filter((queue) => queue.broker === broker),
      lastPhysicalOffset: numberOf(detail.lastPhysicalOffset),
      bootAt: numberOf(detail.bootAt),
      isOver: !isActive(state),
      lastStep: lastStep ?? 0,
      looks: [],
    });
  }
  return [...last.values()];
}

const numberOf = (value: StepDetail[string] | undefined) => (typeof value === 'number' ? value : null);
