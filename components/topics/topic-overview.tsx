'use client';
import type { TopicDetail } from '@/lib/contract/topics';
import { KeptByBroker } from './kept-by-broker';
import { TopicFacts } from './topic-facts';
import { TopicGroups } from './topic-groups';

export const TopicOverview = ({ topic }: { topic: TopicDetail }) => (
  <div className="grid g-84">
    <div className="col">
      <TopicGroups topic={topic} />
      <KeptByBroker topic={topic} />
    </div>
    <div>
      <TopicFacts topic={topic} />
    </div>
  </div>
);
