export type AuditPhase = 'intent' | 'result';
export type AuditOutcome = 'allowed' | 'denied' | 'success' | 'failure' | 'partial' | 'unknown';

/** Append-only, which triggers see to; `hash` = sha256(prevHash + canonical JSON of the other columns). */
export interface AuditTable {
  seq: number;
  prevHash: string;
  hash: string;
  at: number;
  actorId: string;
  actorName: string;
  /** Several with commas between. */
  actorRole: string;
  ip: string | null;
  requestId: string | null;
  operationId: string | null;
  cluster: string | null;
  action: string;
  resourceType: string;
  resourceName: string;
  paramsJson: string | null;
  previewHash: string | null;
  phase: AuditPhase;
  outcome: AuditOutcome;
  countsJson: string | null;
  error: string | null;
  authMethod: string | null;
  /** SHA-256 of the session's id, never the id. */
  sessionHash: string | null;
}

/** How far somebody outside has been told of the trail. */
export interface AuditFeedTable {
  name: string;
  seq: number;
  hash: string;
}
