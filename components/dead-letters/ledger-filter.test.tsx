import { expect, it } from 'vitest';
import { letterSearchQuery } from '@/lib/contract/letter-search';
import { render } from '../shared/render.fixture';
import { BetweenFields } from './between-fields';
import { KeyHint } from './key-hint';
import { LedgerFilter } from './ledger-filter';
import { type LedgerParams, letterFilterOf, readLedgerParams, searchForKey, searchInput } from './search-params';
import { WordSelect } from './word-select';

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

it('offers each word alone beside what takes several together, and the address holds it', () => {
  const select = (address: string, locale?: 'zh-CN') =>
    render(<WordSelect state={paramsOf(address).state} onChange={() => {}} />, locale);
  expect(select('')).toMatch(/<option value="all" selected="">A single state<\/option>/);
  for (const [state, word] of [
    ['dead', 'Dead'],
    ['dead_again', 'Dead again'],
    ['redriving', 'Redriving'],
    ['unknown', 'Unknown'],
    ['redriven_only', 'Redriven, not consumed'],
    ['consumed', 'Consumed'],
  ]) {
    expect(select(`state=${state}`)).toContain(`<option value="${state}" selected="">${word}</option>`);
    expect(letterFilterOf(paramsOf(`state=${state}`))).toEqual({ state });
  }
  expect(select('state=unknown', 'zh-CN')).toContain('>未知</option>');
});

it('has a field for the tag, which shows the one of the address', () => {
  expect(bar('')).toMatch(/<input[^>]*aria-label="Only letters with this tag"[^>]*value=""/);
  expect(bar('tag=PAID')).toMatch(/<input[^>]*aria-label="Only letters with this tag"[^>]*value="PAID"/);
  expect(letterFilterOf(paramsOf('tag=PAID'))).toEqual({ state: 'all', tag: 'PAID' });
});

it('narrows to a time of death, whose ends the address holds', () => {
  expect(bar('')).toMatch(/aria-pressed="false"[^>]*>Between…/);
  expect(bar('from=1700000000000')).toMatch(/aria-pressed="true"[^>]*>Between…/);
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
