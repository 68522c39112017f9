import { type RedriveRun, savePolicy } from './run-context';

/** Counting the letters that wait takes at most a tenth of the time. */
const SHARE = 10;

/** Keeps in the journal whom the job waits for, as soon as that changes, and how many letters wait with it. */
export function tellsWaits(run: RedriveRun): () => Promise<void> {
  const { ctx, policy, waits, letters } = run;
  let told = JSON.stringify([]);
  let countAt = 0;
  return async () => {
    const brokers = waits.told();
    if (JSON.stringify(brokers) !== told) {
      told = JSON.stringify(brokers);
      policy.waiting = brokers.length === 0 ? null : { brokers, letters: null };
      await savePolicy(run);
    }
    const began = ctx.now();
    if (policy.waiting?.letters !== null || began < countAt) return;
    policy.waiting.letters = await letters.untriedOf(new Set(brokers.map(({ broker }) => broker)));
    countAt = ctx.now() + SHARE * (ctx.now() - began);
    await savePolicy(run);
  };
}
