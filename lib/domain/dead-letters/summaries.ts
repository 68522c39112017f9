import type { LetterState } from '@/lib/store/letters-schema';
import type { Ctx } from '../ctx';
import { counted } from './counted';
import { DEATH_HOURS, hoursOf } from './deaths';
import { propertyOf } from './failure-of';
import { countOf, isOpen, OPEN_WORDS, STATES_OF } from './ledger-words';

/** What the ledger knows of a group, for the list of all groups. */
export interface LedgerSummary {
  states: Partial<Record<LetterState, number>>;
  /** Letters that are read. */
  read: number;
  /** Deaths per hour of the last 24, oldest first. */
  hours: number[];
  /** The failure with the most open letters, and its share of them; text null when nothing recorded a cause. */
  cause: { text: string | null; share: number; property: string | null } | null;
  /** Topics its letters came from; null among them: of some it is not known. */
  origins: (string | null)[];
  /** Store time of the oldest letter that is read, per broker. */
  oldest: Map<string, number>;
  /** Store time of the oldest of them that is open, on whichever broker; null when none is. */
  openSince: number | null;
}

/** By group. `letters`: how many dead letters the cluster has. */
export const ledgerSummaries = (ctx: Ctx, letters: number): Promise<Map<string, LedgerSummary>> =>
  counted(ctx, 'summaries', letters, () => summarise(ctx));

interface OfGroup {
  summary: LedgerSummary;
  /** Open letters by failure. */
  open: Map<number, number>;
  deaths: { hour: number; count: number }[];
}

async function summarise(ctx: Ctx): Promise<Map<string, LedgerSummary>> {
  const { counts, deaths, oldest, openSince, origins, failures } = await ctx.store.letters.ofCluster(
    ctx.cluster,
    ctx.now(),
    DEATH_HOURS,
    OPEN_WORDS,
  );
  const byGroup = new Map<string, OfGroup>();
  for (const { group, failureId, state, count } of counts) {
    const of: OfGroup = byGroup.get(group) ?? { summary: empty(), open: new Map(), deaths: [] };
    byGroup.set(group, of);
    const { summary, open } = of;
    summary.states[state] = (summary.states[state] ?? 0) + count;
    summary.read += count;
    open.set(failureId, (open.get(failureId) ?? 0) + (isOpen(state) ? count : 0));
  }
  for (const { group, ...death } of deaths) byGroup.get(group)?.deaths.push(death);
  for (const { summary, deaths: mine } of byGroup.values()) summary.hours = hoursOf(mine);
  for (const { group, broker, oldestAt } of oldest) byGroup.get(group)?.summary.oldest.set(broker, oldestAt);
  for (const { group, at } of openSince) {
    const of = byGroup.get(group);
    if (of) of.summary.openSince = at;
  }
  for (const { group, originTopic } of origins) byGroup.get(group)?.summary.origins.push(originTopic || null);
  const told = new Map(failures.map((failure) => [failure.id, causeOf(failure)]));
  for (const { summary, open } of byGroup.values()) {
    const [first] = [...open].sort(([, a], [, b]) => b - a);
    const all = countOf(summary.states, STATES_OF.open);
    if (first && all > 0)
      summary.cause = { ...(told.get(first[0]) ?? { text: null, property: null }), share: first[1] / all };
  }
  return new Map([...byGroup].map(([group, { summary }]) => [group, summary]));
}

const causeOf = ({ kind, key, label }: { kind: string; key: string; label: string }) =>
  kind === 'property' ? { text: label, property: propertyOf(key) } : { text: null, property: null };

const empty = (): LedgerSummary => ({
  states: {},
  read: 0,
  hours: hoursOf([]),
  cause: null,
  origins: [],
  oldest: new Map(),
  openSince: null,
});
