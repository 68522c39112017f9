import { expect, it } from 'vitest';
import type { RedrivePlan } from '@/lib/contract/plans';
import { render } from '../shared/render.fixture';
import { RedrivePreview } from './redrive-preview';

const planOf = (receivers: number) =>
  ({
    count: 3,
    bytes: 300,
    destinations: [{ topic: 'orders', count: 3 }],
    receivers: Array.from({ length: receivers }, (_, n) => ({ group: `group-${n}.`, count: 3, online: true })),
    skipped: [],
    sample: [],
  }) as unknown as RedrivePlan;
const preview = (receivers: number) => render(<RedrivePreview plan={planOf(receivers)} selected={3} notes={null} />);

it('names every group that will receive the copies, those beyond the first behind a disclosure', () => {
  const text = preview(300);
  for (let n = 0; n < 300; n++) expect(text).toContain(`group-${n}.`);
  const folded = text.slice(text.indexOf('<details>'), text.indexOf('</details>'));
  expect(folded).toMatch(/<summary[^>]*>and 295 more<\/summary>/);
  expect(folded).not.toContain('group-4.');
  expect(folded).toContain('group-5.');
});

it('folds nothing that fits', () => {
  expect(preview(5)).toContain('group-4.');
  expect(preview(5)).not.toContain('<details>');
});

it('shows the id of the message only when the copy keeps it', () => {
  const textOf = (set: string[]) => {
    const sample = [{ id: 'broker-a:1', topic: 'orders', uniqKey: 'AB', keys: [], set, dropped: [] }];
    return render(<RedrivePreview plan={{ ...planOf(1), sample }} selected={3} notes={null} />);
  };
  expect(textOf(['RDX_OP'])).toContain('UNIQ_KEY  AB');
  const renewed = textOf(['UNIQ_KEY', 'RDX_ORIGIN_UNIQ_KEY']);
  expect(renewed).not.toContain('AB');
  expect(renewed).toContain('+ UNIQ_KEY');
});
