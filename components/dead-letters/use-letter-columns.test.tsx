import { expect, it } from 'vitest';
import type { LetterRow } from '@/lib/contract/dead-letters';
import { render } from '../shared/render.fixture';
import { useLetterColumns } from './use-letter-columns';

const LETTER = { id: '1@a', state: 'dead', tag: 'PAID', keys: ['K-1'], bodyBytes: 2048, attempts: 3 } as LetterRow;

function Cell({ id, onTag, letter = LETTER }: { id: string; onTag?: (tag: string) => void; letter?: LetterRow }) {
  const columns = useLetterColumns({ group: 'g', pausedJob: null, newSince: null, onTag });
  return <>{columns.find((column) => column.id === id)?.cell(letter, 0)}</>;
}

it('a tag narrows the list by a press, where there is a list to narrow', () => {
  expect(render(<Cell id="tag" onTag={() => {}} />)).toMatch(/^<button[^>]*data-tip="Only letters with tag PAID"/);
  expect(render(<Cell id="tag" />)).not.toContain('button');
  expect(render(<Cell id="tag" onTag={() => {}} letter={{ ...LETTER, tag: null }} />)).not.toContain('button');
});

it('the size of a body stands in a column of its own', () => {
  expect(render(<Cell id="size" />)).toMatch(/2\.00\sKB/);
});
