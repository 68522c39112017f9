import 'server-only';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plan } from '@/lib/store/plans';
import { runtime } from './runtime';

/** Key of the running process; read once per data directory. */
export const planKey = (): Buffer => {
  const { dataDir } = runtime().settings;
  if (cached?.dataDir !== dataDir) cached = { dataDir, key: readPlanKey(dataDir) };
  return cached.key;
};
let cached: { dataDir: string; key: Buffer } | undefined;

/**
 * The key plans are signed with, made once per data directory. Whoever can read it can already write the
 * journal beside it.
 */
export function readPlanKey(dataDir: string): Buffer {
  const file = path.join(dataDir, 'plan-token.key');
  try {
    writeFileSync(file, randomBytes(32), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = readFileSync(file);
  if (key.length !== 32) throw new Error(`${file} is damaged: remove it and start again.`);
  return key;
}

/** `<plan id>.<HMAC>`: proves that we made exactly this plan, for this person, until this time. */
export function signPlan(key: Buffer, plan: Plan): string {
  return `${plan.id}.${mac(key, plan).toString('base64url')}`;
}

/** The plan id a token claims; null when it does not even look like one. */
export function claimedPlanId(token: string): string | null {
  return /^([0-9A-Z]{26})\.[\w-]{43}$/.exec(token)?.[1] ?? null;
}

export function isTokenOf(key: Buffer, token: string, plan: Plan, actorId: string): boolean {
  const given = Buffer.from(token.slice(token.indexOf('.') + 1), 'base64url');
  const wanted = mac(key, { ...plan, actorId });
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function mac(key: Buffer, { id, cluster, actorId, kind, hash, expiresAt }: Plan): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([id, cluster, actorId, kind, hash, expiresAt]))
    .digest();
}
