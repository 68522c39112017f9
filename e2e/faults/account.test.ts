import { describe, expect, it } from 'vitest';
import type { RecordedFrame } from '../proxy/frame';
import type { OracleMessage } from '../sandbox/oracle';
import { account, type Evidence, forgotten, sendsOf } from './account';

const idAt = (offset: number) => `7F00000100002A9F${offset.toString(16).padStart(16, '0').toUpperCase()}`;

function message(offset: number, n: number, properties: Record<string, string> = {}): OracleMessage {
  return {
    topic: 't',
    uniqKey: `U${n}`,
    offsetMsgId: idAt(offset),
    keys: `C-${n}`,
    tags: null,
    broker: 'broker-a',
    queueId: 0,
    offset,
    reconsumeTimes: 0,
    storeTimestamp: 1,
    bornTimestamp: 1,
    properties,
    bodyBase64: Buffer.from(`${n}`).toString('base64'),
  };
}

const copy = (offset: number, n: number, k = 1, over: Record<string, string> = {}) =>
  message(offset, n, { RDX_OP: 'JOB', RDX_N: `${n}`, RDX_K: `${k}`, RDX_SRC: `broker-a:${100 + n}`, ...over });

function frame(at: number, code: number, fields: Record<string, string>): RecordedFrame {
  return { at, direction: 'request', target: 'x', code, requestCode: code, opaque: at, fields, bodyBytes: 0 };
}
const send = (at: number, n: number, k = 1) =>
  frame(at, 310, { b: 'retry', i: `RDX_OP\u0001JOB\u0002RDX_N\u0001${n}\u0002RDX_K\u0001${k}\u0002` });

const item = (n: number, state = 'CONFIRMED', ids: (number | null)[] = [1000 + n, null]) => ({
  n,
  state,
  attempts: 1,
  evidence: {
    source: `broker-a:${100 + n}`,
    offsetMsgId: ids[0] ? idAt(ids[0]) : null,
    otherOffsetMsgId: ids[1] ? idAt(ids[1]) : null,
  },
});

/** Two letters, redriven without a fault. */
const clean = (): Evidence => ({
  job: { id: 'JOB', state: 'DONE', total: 2, outcomes: { CONFIRMED: 2 } },
  items: [item(0), item(1)],
  letters: [message(100, 0), message(101, 1)],
  target: [copy(1000, 0), copy(1001, 1)],
  frames: [send(1, 0), send(2, 1)],
});
const problemsOf = (over: Partial<Evidence>) => account({ ...clean(), ...over }).problems.join('\n');

describe('account', () => {
  it('has nothing to say about what is as reported', () => {
    expect(account(clean())).toEqual({
      letters: 2,
      frames: 2,
      copies: 2,
      lost: 0,
      listed: 0,
      unlisted: 0,
      problems: [],
    });
  });

  it('finds what was lost, and what no state accounts for', () => {
    expect(problemsOf({ target: [copy(1000, 0)] })).toContain('G1: 1 lost');
    expect(problemsOf({ items: [item(0), item(1, 'UNKNOWN', [null])] })).toContain('G1: item 1 ended as UNKNOWN');
    expect(problemsOf({ items: [item(0)] })).toContain('G1: 1 items of 1 sources for 2 letters');
    expect(problemsOf({ items: [item(0), item(1, 'REJECTED', [null])] })).toContain('is REJECTED but has a copy');
  });

  it('tells a duplicate that is listed with both ids from one that is not', () => {
    const target = [copy(1000, 0), copy(1001, 1), copy(1002, 1, 2)];
    const frames = [send(1, 0), send(2, 1), frame(15_000, 30, { topic: 'retry' }), send(16_000, 1, 2)];
    expect(account({ ...clean(), target, frames })).toMatchObject({ unlisted: 1, listed: 0 });
    const listed = [item(0), item(1, 'DUPLICATED', [1002, 1001])];
    expect(account({ ...clean(), target, frames, items: listed })).toMatchObject({ listed: 1, problems: [] });
    const wrongId = [item(0), item(1, 'DUPLICATED', [1002, 999])];
    expect(account({ ...clean(), target, frames, items: wrongId })).toMatchObject({ unlisted: 1 });
    expect(problemsOf({ items: listed })).toContain('DUPLICATED with 1 copies');
  });

  it('wants a look and the settle time before a second send', () => {
    const items = [item(0), { ...item(1), attempts: 2 }];
    const again = (frames: RecordedFrame[]) =>
      problemsOf({ items, target: [copy(1000, 0), copy(1001, 1, 2)], frames: [send(1, 0), send(2, 1), ...frames] });
    expect(again([send(20_000, 1, 2)])).toContain('without a look');
    expect(again([frame(500, 11, { topic: 'retry' }), send(900, 1, 2)])).toContain('sent again after 898 ms');
    expect(again([frame(19_000, 11, { topic: 'retry' }), send(20_000, 1, 2)])).toBe('');
    const refused = { items, target: [copy(1000, 0), copy(1001, 1, 2)], refused: new Set(['1/1']) };
    expect(problemsOf({ ...refused, frames: [send(1, 0), send(2, 1), send(600, 1, 2)] })).toBe('');
  });

  it('wants every copy to say whose it is', () => {
    expect(problemsOf({ target: [copy(1000, 0), copy(1001, 1, 1, { RDX_SRC: 'broker-a:7' })] })).toContain(
      'G4: copy 1/1',
    );
    expect(problemsOf({ target: [copy(1000, 0), copy(1001, 1), copy(1002, 9)] })).toContain(
      'item 9, which there is not',
    );
    expect(problemsOf({ target: [copy(1000, 0), copy(1001, 1), message(1002, 1)] })).toContain('no marker explains');
    expect(problemsOf({ frames: [send(1, 0)] })).toContain('was never on the wire');
  });
});

describe('forgotten', () => {
  it('names what was on the wire and is not in the journal', () => {
    const sends = sendsOf([send(1, 0), send(2, 1), send(3, 1, 2)], 'JOB');
    const known = [item(0, 'INTENT'), { ...item(1, 'UNKNOWN'), attempts: 2 }];
    expect(forgotten(sends, known)).toEqual([]);
    expect(forgotten(sends, [item(0, 'SELECTED'), item(1, 'UNKNOWN')])).toHaveLength(2);
  });
});
