'use client';
import type { TopicDetail } from '@/lib/contract/topics';
import { KeptByBroker } from './kept-by-broker';
import { TopicFacts } from './topic-facts';
import { TopicGroups } from './topic-groups';
import { TopicThroughput } from './topic-throughput';

export const TopicOverview = ({ topic }: { topic: TopicDetail }) => (
  <div className="grid g-84">
    <div className="col">
      <TopicThroughput topic={topic} />
      <TopicGroups topic={topic} />
      <KeptByBroker topic={topic} />
    </div>
    <div>
      <TopicFacts topic={topic} />
    </div>
  </div>
);
