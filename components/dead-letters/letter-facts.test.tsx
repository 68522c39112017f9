import { expect, it } from 'vitest';
import type { MessageDetail } from '@/lib/contract/messages';
import { render } from '../shared/render.fixture';
import { LetterFacts } from './letter-facts';

const DETAIL = {
  id: '1@a',
  uniqKey: 'U1',
  keys: [],
  masked: null,
  originTopic: 'orders',
  broker: 'a',
  queueId: 0,
  queueOffset: 3,
  storedAt: 1_700_000_000_000,
} as unknown as MessageDetail;
const facts = (firstDiedAt: number | null) =>
  render(<LetterFacts group="g" id="1@a" letter={undefined} detail={{ ...DETAIL, firstDiedAt }} reply={undefined} />);

it('a letter whose message died before says when it died first; another one does not', () => {
  expect(facts(1_600_000_000_000)).toMatch(/<dt>First died<\/dt><dd><time dateTime="2020-09-13/);
  expect(facts(null)).not.toContain('First died');
});
