import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

/** Offsets of a queue at a sweep; both null when it is no longer there. */
export interface QueueSample {
  group: string;
  topic: string;
  broker: string;
  queueId: number;
  committed: number | null;
  max: number | null;
  /** Where the offset stood before it went back, until it is there again. */
  rewound: { from: number; at: number } | null;
}

/** Queues of one group and topic, flat: broker, queueId, committed, max, rewound.from, rewound.at, broker, … */
type Row = [group: string, topic: string, ...queues: (string | number | null)[]];
const WIDTH = 6;

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Queues of a group and topic follow each other. Compressed off the event loop. */
export async function encodeFrame(queues: readonly QueueSample[]): Promise<Uint8Array> {
  const rows: Row[] = [];
  let row: Row | undefined;
  for (const { group, topic, broker, queueId, committed, max, rewound } of queues) {
    if (row?.[0] !== group || row[1] !== topic) {
      row = [group, topic];
      rows.push(row);
    }
    row.push(broker, queueId, committed, max, rewound?.from ?? null, rewound?.at ?? null);
  }
  return deflate(JSON.stringify(rows), { level: 1 });
}

/** Calls `visit` for every queue: `of` is its group and topic, `place` its broker and id. */
export async function decodeFrame(
  body: Uint8Array,
  visit: (of: string, place: string, queue: () => QueueSample) => void,
): Promise<void> {
  const rows: Row[] = JSON.parse((await inflate(body)).toString());
  for (const row of rows) {
    const of = `${row[0]}@${row[1]}`;
    for (let at = 2; at < row.length; at += WIDTH) visit(of, `${row[at]}@${row[at + 1]}`, () => queueAt(row, at));
  }
}

function queueAt(row: Row, at: number): QueueSample {
  const [from, since] = [row[at + 4] as number | null, row[at + 5] as number | null];
  return {
    group: row[0],
    topic: row[1],
    broker: row[at] as string,
    queueId: row[at + 1] as number,
    committed: row[at + 2] as number | null,
    max: row[at + 3] as number | null,
    rewound: from === null || since === null ? null : { from, at: since },
  };
}
