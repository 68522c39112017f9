import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  await run(`create table "plan" (
    "id" text primary key, "kind" text not null, "cluster" text not null, "group" text, "actorId" text not null,
    "bodyJson" text not null, "hash" text not null, "createdAt" bigint not null, "expiresAt" bigint not null)`);
  await run('create index "planExpiry" on "plan" ("expiresAt")');

  await run(`create table "operation" (
    "id" text primary key, "mutation" text not null, "kind" text not null, "cluster" text not null, "group" text, "topic" text,
    "targetMode" text, "targetTopic" text, "state" text not null, "inputJson" text not null,
    "createdBy" text not null, "createdByName" text not null, "reason" text not null,
    "idempotencyKey" text, "requestHash" text not null, "planId" text, "previewHash" text,
    "rate" bigint, "policyJson" text, "epoch" bigint not null, "heartbeatAt" bigint,
    "countsJson" text, "resultJson" text, "errorJson" text,
    "createdAt" bigint not null, "startedAt" bigint, "endedAt" bigint, "acknowledgedAt" bigint, "acknowledgedBy" text)`);
  await run(`create unique index "operationGroupLock" on "operation" ("cluster", "group")
    where "state" in ('QUEUED', 'RUNNING', 'PAUSED', 'VERIFYING')`);
  await run('create unique index "operationIdempotency" on "operation" ("createdBy", "idempotencyKey")');
  await run('create index "operationList" on "operation" ("cluster", "createdAt")');

  await run(`create table "operationStep" (
    "operationId" text not null references "operation" ("id"), "n" bigint not null, "broker" text not null, "action" text not null,
    "state" text not null, "detailJson" text, "startedAt" bigint, "endedAt" bigint, primary key ("operationId", "n"))`);

  await run(`create table "item" (
    "operationId" text not null references "operation" ("id"), "n" bigint not null, "srcBroker" text not null,
    "srcQueueId" bigint not null, "srcQueueOffset" bigint not null, "srcPhyOffset" bigint not null, "srcMsgId" text not null,
    "srcUniqKey" text not null, "srcStoredAt" bigint not null, "originTopic" text, "bodySha256" text,
    "state" text not null, "terminalReason" text, primary key ("operationId", "n"))`);
  await run('create index "itemState" on "item" ("operationId", "state", "n")');
  await run('create index "itemSource" on "item" ("srcBroker", "srcPhyOffset", "srcUniqKey")');

  await run(`create table "attempt" (
    "operationId" text not null, "n" bigint not null, "k" bigint not null, "uniqKey" text not null, "tgtTopic" text not null,
    "tgtBroker" text not null, "tgtQueueId" bigint not null, "floorOffset" bigint not null, "intentAt" bigint not null,
    "sentAt" bigint, "resultCode" bigint, "remark" text, "offsetMsgId" text, "queueOffset" bigint, "resolvedBy" text, "resolvedAt" bigint,
    primary key ("operationId", "n", "k"), foreign key ("operationId", "n") references "item" ("operationId", "n"))`);

  await run(`create table "lane" (
    "operationId" text not null references "operation" ("id"), "tgtTopic" text not null, "tgtBroker" text not null,
    "tgtQueueId" bigint not null, "floorOffset" bigint not null, primary key ("operationId", "tgtTopic", "tgtBroker", "tgtQueueId"))`);

  await run(`create table "resetQueue" (
    "operationId" text not null references "operation" ("id"), "topic" text not null, "broker" text not null, "queueId" bigint not null,
    "committedBefore" bigint, "minBefore" bigint not null, "maxBefore" bigint not null, "targetOffset" bigint not null,
    "targetStoredAt" bigint, "request" text, "state" text not null, "intentAt" bigint, "appliedAt" bigint, "resultCode" bigint,
    "result" text, "verifiedOffset" bigint, "verifiedAt" bigint, primary key ("operationId", "topic", "broker", "queueId"))`);

  await run(`create table "handled" (
    "id" integer primary key, "cluster" text not null, "group" text not null, "broker" text not null, "phyOffset" bigint not null,
    "uniqKey" text not null, "operationId" text not null references "operation" ("id"), "handledAt" bigint not null,
    "handledBy" text not null, "reopenedAt" bigint, "reopenedBy" text)`);
  await run(`create unique index "handledOnce" on "handled" ("cluster", "group", "broker", "phyOffset", "uniqKey")
    where "reopenedAt" is null`);

  await run(`create table "handledWatermark" (
    "id" integer primary key, "cluster" text not null, "group" text not null, "broker" text not null, "queueId" bigint not null,
    "belowOffset" bigint not null, "operationId" text not null references "operation" ("id"), "handledAt" bigint not null,
    "handledBy" text not null, "endedAt" bigint, "endedBy" text)`);
  await run(`create unique index "handledWatermarkOnce" on "handledWatermark" ("cluster", "group", "broker", "queueId")
    where "endedAt" is null`);
}
