import type { RedrivePlan, RedrivePlanInput } from '@/lib/contract/plans';
import type { StoreTables } from '@/lib/store/tables';
import { planEdit, recheckEdit } from '../edit/plan';
import { defineJob } from '../jobs/job-spec';
import { type MutationSpec, mutation } from '../mutation';
import { earlierInJournal } from './already';
import type { RedriveFrozen, RedriveInput } from './input';
import { listRedriveItems } from './items';
import { outcomesSeen } from './ledger-counts';
import { planRedrive } from './plan';
import { newPolicy, progressOf } from './policy';
import { recheckRedrive } from './recheck';
import { withReport } from './report';
import { runRedrive } from './run';
import { REDRIVE_TIMES, type RedriveTimes } from './run-context';

/** Tests pass shorter times, and may do without the report. */
export const redriveMutation = (times: RedriveTimes = REDRIVE_TIMES, end: typeof withReport = withReport) => {
  const run: MutationSpec<RedriveInput>['run'] = async (ctx, operation, capability) =>
    end(ctx, operation, await runRedrive(ctx, operation, capability, times));
  return mutation<RedriveInput>({
    name: 'dead-letters.redrive',
    kind: 'redrive',
    permission: 'dead-letter:redrive',
    resource: (input) => {
      const { group } = input;
      const ofOthers = [...topicsOf(input)].filter((topic) => !topic.startsWith(`%RETRY%${group}`));
      return { type: 'group', name: group, group, alsoTopics: ofOthers };
    },
    describe: (input) => {
      const { target, rate } = input;
      const topics = topicsOf(input);
      const targetTopic = topics.size === 1 ? ([...topics][0] ?? null) : null;
      return { targetMode: target, targetTopic, rate, policyJson: JSON.stringify(newPolicy(input)) };
    },
    freeze: (tables, { id, cluster }, input) => freezeLetters(tables, id, cluster, input),
    run,
    resume: run,
  });
};

const topicsOf = ({ letters, condition }: RedriveInput): Set<string> =>
  new Set(condition ? Object.keys(condition.holders) : letters.map(({ to }) => to.topic));

/** The group's lock is taken in the same commit: what another job sent since the plan is seen here, and not sent again. */
async function freezeLetters(
  tables: StoreTables,
  operationId: string,
  cluster: string,
  { group, letters, condition }: RedriveInput,
) {
  if (condition) return tables.selections.insert(operationId, condition.count);
  const earlier = await earlierInJournal(tables, cluster, group, letters);
  await tables.items.insertMany(
    letters.map((letter, n) => {
      const sent = earlier.get(`${letter.broker}:${letter.physicalOffset}`);
      const isSent = sent?.reason === 'already_redriven';
      return {
        operationId,
        n,
        srcBroker: letter.broker,
        srcQueueId: letter.queueId,
        srcQueueOffset: letter.queueOffset,
        srcPhyOffset: letter.physicalOffset,
        srcMsgId: letter.msgId,
        srcUniqKey: letter.uniqKey,
        srcStoredAt: letter.storedAt,
        originTopic: letter.originTopic,
        bodySha256: null,
        state: isSent ? ('ALREADY_REDRIVEN' as const) : ('SELECTED' as const),
        terminalReason: isSent ? sent.jobId : null,
      };
    }),
  );
}

/** Redrive of a selection, to only this group, to the original topics or to another topic. */
export const REDRIVE_JOB = defineJob<RedrivePlanInput, RedrivePlan, RedriveFrozen, RedriveInput>({
  kind: 'redrive',
  mutation: redriveMutation(),
  locksGroup: true,
  canPause: true,
  canCancel: true,
  closesByRun: true,
  makePlan: (ctx, { edit, ...input }) => (edit ? planEdit(ctx, { ...input, edit }) : planRedrive(ctx, input)),
  recheck: async (ctx, plan, frozen) => {
    await recheckEdit(ctx, plan.group, frozen);
    await recheckRedrive(ctx, plan, frozen);
  },
  toInput: ({ group, target, judged, rate, newIds, canary, brake }, { letters, condition }) => ({
    group,
    target,
    isJudged: judged !== false,
    rate,
    ...(newIds && { newIds }),
    canary: canary && { waitMs: canary.waitMs },
    lagLimit: brake.lagLimit,
    letters,
    ...(condition && { condition }),
  }),
  progress: progressOf,
  outcomes: outcomesSeen,
  items: (store, operation, query) => listRedriveItems(store, operation, query),
});
