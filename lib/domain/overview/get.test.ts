import { expect, test } from 'vitest';
import { overviewReply } from '@/lib/contract/overview';
import { fakeCluster } from '../snapshot/fake-cluster.fixture';
import { takeSnapshot } from '../snapshot/take';
import { getOverview } from './get';

test('of many findings the worst are sent, and all are counted', async () => {
  const groups = Array.from({ length: 200 }, (_, index) => `g${index}`);
  const cluster = fakeCluster({
    a: {
      topics: { orders: [[0, 1000]] },
      groups,
      offsets: Object.fromEntries(groups.map((group, index) => [`orders@${group}`, { 0: index }])),
    },
  });
  cluster.show(await takeSnapshot(cluster.ctx, null));
  const overview = overviewReply.parse(await getOverview(cluster.ctx));
  expect(overview.findings).toHaveLength(60);
  expect(overview.findings[0]?.params).toMatchObject({ group: 'g0' });
  // One more: the trace topic that is not there.
  expect(overview.counts).toMatchObject({ groups: 200, groupsInTrouble: 200, findings: 201 });
});
