import { expect, it } from 'vitest';
import { letterSearchQuery } from '@/lib/contract/letter-search';
import { render } from '../shared/render.fixture';
import { BetweenFields } from './between-fields';
import { KeyHint } from './key-hint';
import { LedgerFilter } from './ledger-filter';
import { MoreFilters } from './more-filters';
import { type LedgerParams, letterFilterOf, readLedgerParams, searchForKey, searchInput } from './search-params';

const paramsOf = (address: string): LedgerParams => readLedgerParams(new URLSearchParams(address));
const bar = (address: string) =>
  render(
    <LedgerFilter
      group="g"
      params={paramsOf(address)}
      causes={[]}
      onChange={() => {}}
      isSearching={false}
      onSearch={() => {}}
    />,
  );

const more = (address: string, locale?: 'zh-CN') =>
  render(<MoreFilters params={paramsOf(address)} onChange={() => {}} />, locale);
const WORDS = [
  ['dead', 'Dead'],
  ['dead_again', 'Dead again'],
  ['redriving', 'Redriving'],
  ['unknown', 'Unknown'],
  ['redriven_only', 'Redriven, not consumed'],
  ['consumed', 'Consumed'],
] as const;

it('offers each word alone beside what takes several together, and the address holds it', () => {
  for (const [state, word] of WORDS) {
    expect(more('')).toMatch(new RegExp(`aria-pressed="false"[^>]*>${word} `));
    expect(more(`state=${state}`)).toMatch(new RegExp(`aria-pressed="true"[^>]*>${word} `));
    expect(letterFilterOf(paramsOf(`state=${state}`))).toEqual({ state });
  }
  expect(more('state=unknown', 'zh-CN')).toContain('>未知 ');
});

it('has a field for the tag, which shows the one of the address', () => {
  expect(more('')).toMatch(/<input[^>]*aria-label="Only letters with this tag"[^>]*value=""/);
  expect(more('tag=PAID')).toMatch(/<input[^>]*aria-label="Only letters with this tag"[^>]*value="PAID"/);
  expect(letterFilterOf(paramsOf('tag=PAID'))).toEqual({ state: 'all', tag: 'PAID' });
});

it('shows what is folded away while the list is narrowed by it', () => {
  for (const address of ['', 'state=open', 'q=ORD', 'since=24h'])
    expect(bar(address), address).toMatch(/aria-pressed="false"[^>]*>More…/);
  for (const address of ['tag=PAID', 'state=unknown', 'from=1700000000000', 'to=1700000000000'])
    expect(bar(address), address).toMatch(/aria-pressed="true"[^>]*>More…/);
  expect(letterFilterOf(paramsOf('from=1700000000000&to=1700000060000'))).toEqual({
    state: 'all',
    from: 1_700_000_000_000,
    to: 1_700_000_060_000,
  });
});

it('says that nothing can have died before it began', () => {
  const fields = (from: number | null, to: number | null) =>
    render(<BetweenFields from={from} to={to} onChange={() => {}} />);
  const said = 'The first time is not before the second';
  expect(fields(2000, 1000)).toContain(said);
  expect(fields(1000, 1000)).toContain(said);
  for (const [from, to] of [
    [1000, 2000],
    [1000, null],
    [null, 1000],
    [null, null],
  ] as const)
    expect(fields(from, to)).not.toContain(said);
});

it('says that a text is looked for at the beginning of keys, and leads to a search that finds it anywhere', () => {
  const hint = (isSearchable: boolean) =>
    render(<KeyHint text="CUST-4" isSearchable={isSearchable} disabledReason={undefined} onChange={() => {}} />);
  expect(hint(true)).toContain('how the keys of a letter begin');
  expect(hint(true)).toMatch(/<button[^>]*>Search for it anywhere in the keys<\/button>/);
  // Of letters that the brokers have deleted.
  expect(hint(false)).not.toContain('anywhere in the keys');
  const params = { ...paramsOf('group=g&q=CUST-4&tag=PAID'), ...searchForKey('CUST-4') };
  const asked = letterSearchQuery.parse(searchInput(params));
  expect(asked).toMatchObject({
    group: 'g',
    tag: 'PAID',
    in: 'property',
    name: 'KEYS',
    is: 'contains',
    text: 'CUST-4',
  });
  expect(asked.q).toBeUndefined();
});
