'use client';
import { useFormat, useNow } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import type { JobDetail } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';

/** Which stage of its canary a job is in and what it waits for; nothing once the rest goes out. */
export function CanarySentence({ job: { state, progress } }: { job: JobDetail }) {
  const t = useT('jobs');
  const f = useFormat();
  const now = useNow(1_000);
  const canary = progress?.canary;
  if (!canary || canary.stage > canary.stages.length || (state !== 'RUNNING' && state !== 'PAUSED')) return null;
  const said = { ...rich, stage: f.count(canary.stage), of: f.count(canary.stages.length + 1) };
  if (state === 'PAUSED' || canary.waitingSince === null) return t.rich('canaryStage', said);
  const leftMs = Math.max(0, Math.ceil((canary.waitingSince + canary.waitMs - now) / 1_000) * 1_000);
  return t.rich('canaryWaiting', {
    ...said,
    sentN: canary.sent,
    sent: f.count(canary.sent),
    left: f.duration(Math.min(leftMs, canary.waitMs)),
  });
}
