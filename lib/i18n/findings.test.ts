import { expect, test } from 'vitest';
import type { Locale } from './locale';
import { translator } from './translator';

type Numbers = { queues: number; still: number; moving: number };

function say(locale: Locale, { queues, still, moving }: Numbers): string {
  const t = translator(locale, 'overview');
  const values = {
    ...{ group: 'billing', waiting: '120', hasSince: 'no', offset: '5', samples: '10', topic: 'orders' },
    ...{ hasMembers: 'yes', members: '2', membersN: 2, consumes: moving > 0 ? 'yes' : 'no' },
    ...{ queues: String(queues), queuesN: queues, still: String(still), stillN: still },
    ...{ moving: String(moving), movingN: moving, b: (text: string) => text },
  };
  return (['sentence', 'evidence'] as const)
    .flatMap((part) =>
      (['group_stalled', 'group_stopped'] as const).map((key) => t.markup(`findings.${key}.${part}`, values as never)),
    )
    .join('\n');
}

test.each<[Locale, Numbers, string[]]>([
  [
    'en',
    { queues: 8, still: 1, moving: 7 },
    ['STALLED: 1 of 8 queues stands still, 120 waiting', '7 other queues move.'],
  ],
  ['en', { queues: 8, still: 6, moving: 1 }, ['STOPPED: 6 of 8 queues stand still, 120', '1 other queue moves.']],
  [
    'en',
    { queues: 4, still: 3, moving: 0 },
    ['STALLED, it does not consume: 120 waiting', 'STOPPED, it does not', '3 of 4 queues with messages stand still.'],
  ],
  [
    'zh-CN',
    { queues: 8, still: 1, moving: 7 },
    ['STALLED：8 个队列中有 1 个停住，120 条等待', '另有 7 个队列在前进。'],
  ],
  [
    'zh-CN',
    { queues: 4, still: 3, moving: 0 },
    ['STOPPED，没有在消费：120 条等待', '有消息的 4 个队列中有 3 个停住。'],
  ],
])('in %s a finding says how many queues stand still: %o', (locale, numbers, said) => {
  const text = say(locale, numbers);
  for (const part of said) expect(text).toContain(part);
  expect(text).not.toMatch(/[{}]/);
});
