'use client';
import { useRefusal } from '@/components/accounts/use-refusal';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Figure } from '@/components/shared/figure';
import { PageHeader } from '@/components/shared/page-header';
import { Ledger } from '@/components/shared/stat-strip';
import { Status } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import { IconButton } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { rich } from '@/components/ui/rich';
import type { LettersReply } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import type { OpenDialog } from './letter-dialogs';
import { LETTER_LOOK } from './letter-word';

type Props = { group: string; reply: LettersReply | undefined; onAct: (dialog: OpenDialog) => void };

/** Name, sentence, and the menu of what concerns the whole ledger. */
export function LedgerHead({ group, reply, onAct }: Props) {
  const t = useT('dead-letters');
  const common = useT('common');
  const mayNot = {
    read: useRefusal('message:body:read', { group }),
    handle: useRefusal('dead-letter:redrive', { group }),
    purge: useRefusal('dead-letter:purge', { group }),
  };
  const all = { selection: { all: true } as const };
  const items = reply
    ? [
        {
          id: 'export',
          label: t('act.exportAll'),
          icon: 'download' as const,
          disabledReason: mayNot.read ?? (reply.total === 0 ? t('nothingThere') : undefined),
          onSelect: () => onAct({ act: 'export', ...all, count: reply.total }),
        },
        {
          id: 'reopen',
          label: t('act.reopen'),
          icon: 'handled' as const,
          disabledReason: mayNot.handle ?? (reply.counts.handled === 0 ? t('noneHandled') : undefined),
          onSelect: () => onAct({ act: 'reopen', ...all, count: reply.counts.handled }),
        },
        { kind: 'line' as const, id: 'line' },
        {
          id: 'purge',
          label: t('act.purge'),
          icon: 'trash' as const,
          danger: true,
          disabledReason: mayNot.purge ?? (reply.total === 0 ? t('nothingThere') : undefined),
          onSelect: () => onAct({ act: 'purge', ...all, count: reply.total }),
        },
      ]
    : [];
  return (
    <PageHeader
      title={group || t('title')}
      beside={group === '' ? null : <span className="fg3 dlqn mono">%DLQ%{group}</span>}
      sentence={
        group === '' ? null : (
          <>
            {reply ? <Sentence reply={reply} /> : null}{' '}
            <span className="ways">
              <ClusterLink className="link" href="/groups/detail" params={{ group }}>
                {t('toGroup')}
              </ClusterLink>
              <ClusterLink className="link" href="/retries" params={{ group }}>
                {t('toRetries')}
              </ClusterLink>
            </span>
          </>
        )
      }
      keep
      actions={
        reply ? (
          <Menu
            align="end"
            trigger={<IconButton variant="default" icon="more" label={common('more')} />}
            items={items}
          />
        ) : null
      }
    />
  );
}

function Sentence({ reply }: { reply: LettersReply }) {
  const t = useT('dead-letters');
  const f = useFormat();
  const { total, counts, expiresAt, damaged } = reply;
  if (total === 0) return reply.failures.length > 0 ? t('ledger.nonePartial') : t('ledger.none');
  const left = expiresAt === null ? null : expiresAt - f.now;
  const values = { ...rich, total: f.count(total), open: f.count(counts.open) };
  return (
    <>
      {t.rich('ledger.sentence', values)}
      {f.gap}
      {left === null
        ? t('ledger.expiryUnknown')
        : left > 0
          ? t.rich('ledger.firstExpires', { ...rich, left: f.duration(left) })
          : t('ledger.expiryPassed')}
      {f.gap}
      {damaged > 0 ? t('ledger.damaged', { n: damaged, count: f.count(damaged) }) : null}
    </>
  );
}

/** In the order of a letter's life. */
const STRIP = ['dead', 'dead_again', 'redriving', 'redriven', 'consumed', 'handled'] as const;

export function LedgerStrip({ reply }: { reply: LettersReply | undefined }) {
  const t = useT('dead-letters');
  const status = useT('status');
  const partial = (reply?.failures.length ?? 0) > 0;
  const figure = (value: number) =>
    reply ? <Figure value={value} partial={partial} /> : <span className="sk sk-40" />;
  const words = reply && (reply.states.unknown ?? 0) > 0 ? [...STRIP, 'unknown' as const] : STRIP;
  return (
    <Ledger
      label={t('ledger.strip')}
      cells={[
        { id: 'all', label: t('ledger.total'), value: figure(reply?.total ?? 0) },
        ...words.map((state) => ({
          id: state,
          label: <Status {...LETTER_LOOK[state]}>{status(`letter.${state}`)}</Status>,
          value: figure(reply?.states[state] ?? 0),
        })),
      ]}
    />
  );
}
