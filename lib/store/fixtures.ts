import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AuditEntry } from './audit';
import type { Operation } from './operations';

export const freshDir = (): string => mkdtempSync(path.join(tmpdir(), 'redrive-store-'));

export function anOperation(id: string, over: Partial<Operation> = {}): Operation {
  return {
    id,
    mutation: 'offsets.reset',
    kind: 'reset',
    cluster: 'demo',
    group: 'orders',
    topic: null,
    targetMode: null,
    targetTopic: null,
    state: 'QUEUED',
    inputJson: '{}',
    createdBy: 'local',
    createdByName: 'Local operator',
    reason: 'test',
    idempotencyKey: null,
    requestHash: 'h',
    planId: null,
    previewHash: null,
    rate: null,
    policyJson: null,
    epoch: 0,
    heartbeatAt: null,
    countsJson: null,
    resultJson: null,
    errorJson: null,
    createdAt: 1,
    startedAt: null,
    endedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    ...over,
  };
}

export const anAuditEntry = (over: Partial<AuditEntry> = {}): AuditEntry => ({
  at: 1_700_000_000_000,
  actorId: 'local',
  actorName: 'Local operator',
  actorRole: 'admin',
  action: 'offsets.reset',
  resourceType: 'group',
  resourceName: 'orders',
  phase: 'intent',
  outcome: 'allowed',
  ...over,
});
