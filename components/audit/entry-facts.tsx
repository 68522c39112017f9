'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { type KeyValue, KvList } from '@/components/shared/kv-list';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { AuditEntryReply } from '@/lib/contract/audit';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { useDetail } from './audit-words';

/** Who, when, from where, why. */
export function EntryFacts({ reply: { entry, job } }: { reply: AuditEntryReply }) {
  const t = useT('audit');
  const f = useFormat();
  const detail = useDetail();
  const { actor, resource } = entry;
  const auth = `auth.${actor.authMethod}` as never;
  const who = [
    actor.name,
    ...actor.roles,
    actor.authMethod && (t.has(auth) ? t(auth) : actor.authMethod),
    entry.ip && t('drawer.from', { ip: entry.ip }),
  ].filter(Boolean);
  const seq = f.count(entry.seq);
  const reason = entry.reason ?? job?.reason;
  const error = detail({ counts: null, error: entry.error, reason: null });
  const items: (KeyValue | null)[] = [
    {
      id: 'entry',
      label: t('drawer.entry'),
      value: entry.phase === 'intent' ? t('drawer.entryBefore', { seq }) : t('drawer.entryAfter', { seq }),
    },
    { id: 'when', label: t('drawer.when'), value: <When at={entry.at} precision="ms" /> },
    { id: 'who', label: t('drawer.who'), value: who.join(', ') },
    {
      id: 'on',
      label: t('drawer.on'),
      value:
        resource.type === 'group' ? (
          <ClusterLink className="link" href="/groups/detail" params={{ group: resource.name }}>
            {resource.name}
          </ClusterLink>
        ) : (
          t('drawer.onWhat', { type: resource.type, name: resource.name })
        ),
    },
    reason ? { id: 'reason', label: t('drawer.reason'), value: reason } : null,
    error ? { id: 'error', label: t('drawer.error'), value: error } : null,
    job
      ? {
          id: 'job',
          label: t('drawer.job'),
          value: (
            <>
              <ClusterLink className="link mono" href={`/jobs/${job.id}`}>
                {shortId(job.id, 2, 6)}
              </ClusterLink>
              {job.planId ? <>, {t('drawer.plan', { id: shortId(job.planId, 2, 6) })}</> : null}
            </>
          ),
        }
      : null,
    entry.requestId
      ? {
          id: 'request',
          label: t('drawer.request'),
          value: entry.requestId,
          mono: true,
          copy: { text: entry.requestId, what: t('drawer.request') },
        }
      : null,
    entry.sessionHash
      ? {
          id: 'session',
          label: t('drawer.session'),
          value: shortId(entry.sessionHash),
          mono: true,
          copy: { text: entry.sessionHash, what: t('drawer.session') },
        }
      : null,
  ];
  return <KvList small className="mb12" items={items.filter((item) => item !== null)} />;
}
