import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { announce } from '@/components/shared/live-region';
import { useFormat } from '@/components/shared/use-format';
import { toast } from '@/components/ui/toast-store';
import type { AuditChain } from '@/lib/contract/audit';
import { useT } from '@/lib/i18n/use-t';
import { verifyAudit } from '@/lib/queries/audit';
import { ApiProblem } from '@/lib/queries/fetcher';

export interface ChainWalk {
  /** Null: none is under way. */
  progress: { rows: number; total: number } | null;
  /** How the last one ended that was asked for here. */
  ended: AuditChain | null;
  start: () => void;
  stop: () => void;
}

/** Has the server walk the whole chain, and follows it. */
export function useChainWalk(cluster: string | undefined): ChainWalk {
  const t = useT('audit');
  const f = useFormat();
  const client = useQueryClient();
  const [progress, setProgress] = useState<ChainWalk['progress']>(null);
  const [ended, setEnded] = useState<AuditChain | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async () => {
    const stop = new AbortController();
    running.current = stop;
    setProgress({ rows: 0, total: 0 });
    let chain: AuditChain | null = null;
    try {
      await verifyAudit(
        cluster,
        (line) => {
          chain = line.ended;
          setProgress(line);
        },
        stop.signal,
      );
      if (chain === null) throw new ApiProblem(0, 'cut', '', undefined, undefined);
      setEnded(chain);
      tell(chain);
      await client.invalidateQueries({ queryKey: ['audit'] });
    } catch (error) {
      if (stop.signal.aborted) return;
      toast({ tone: 'crit', text: (error instanceof ApiProblem && error.message) || t('verifyFailed') });
    } finally {
      if (!stop.signal.aborted || running.current === stop) setProgress(null);
    }
  };
  const tell = ({ broken, rows }: AuditChain) => {
    if (broken === null) announce(t('intact', { n: rows, count: f.count(rows) }));
  };
  return { progress, ended, start: () => void start(), stop: () => running.current?.abort() };
}
