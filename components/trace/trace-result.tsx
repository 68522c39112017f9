'use client';
import { MaskedValue } from '@/components/messages/masked-value';
import { CopyButton, CopyLinkButton } from '@/components/shared/copy-button';
import { Unknown } from '@/components/shared/figure';
import { PageHeader, Section } from '@/components/shared/page-header';
import { EmptyState } from '@/components/shared/states';
import { Status } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { rich } from '@/components/ui/rich';
import type { TraceReply } from '@/lib/contract/trace';
import { useT } from '@/lib/i18n/use-t';
import { Candidates } from './candidates';
import { GROUP_LOOK, worstFirst } from './group-look';
import type { ScaleKind } from './search-params';
import { TraceChart } from './trace-chart';
import { TraceEvents } from './trace-events';

type Props = {
  reply: TraceReply;
  isRefreshing: boolean;
  scale: ScaleKind;
  onScale: (scale: ScaleKind) => void;
  onPick: (uniqKey: string) => void;
  onRefresh: () => void;
};

export function TraceResult({ reply, isRefreshing, scale, onScale, onPick, onRefresh }: Props) {
  const t = useT('trace');
  const f = useFormat();
  const asked = t('asked', {
    topics: f.count(reply.asked.topics),
    total: f.count(reply.asked.topicsTotal),
    requests: f.count(reply.asked.requests),
    took: f.duration(reply.asked.tookMs),
    kind: t(`kind.${reply.kind}`),
  });
  const wasKey = reply.kind === 'key';
  if (!hasAnything(reply))
    return (
      <>
        {reply.candidates.length > 0 ? <Candidates reply={reply} onPick={onPick} /> : null}
        <div className="tw mb12">
          <EmptyState
            icon="find"
            title={t(reply.failures.length > 0 ? 'notFoundPartial' : 'notFound')}
            actions={
              <Button busy={isRefreshing} onClick={onRefresh}>
                {t('again')}
              </Button>
            }
          >
            {t(wasKey && !reply.found ? 'notFoundKey' : 'notFoundId')}
            {f.gap}
            {asked}
          </EmptyState>
        </div>
        {reply.missing.length > 0 ? <Missing reply={reply} /> : null}
      </>
    );
  if (reply.uniqKey === null && reply.candidates.length > 1)
    return (
      <>
        <Candidates reply={reply} onPick={onPick} />
        <p className="small fg3 mt8">{asked}</p>
        <Missing reply={reply} />
      </>
    );
  return (
    <>
      <Identity reply={reply} isRefreshing={isRefreshing} onRefresh={onRefresh} />
      {reply.candidates.length > 1 ? <Candidates reply={reply} onPick={onPick} /> : null}
      <TraceChart reply={reply} kind={scale} onKind={onScale} />
      <div className="grid g-84 items-start">
        <TraceEvents reply={reply} />
        <Missing reply={reply} />
      </div>
      <p className="small fg3 mt8">{asked}</p>
    </>
  );
}

/** One of several messages of a key may be named that nobody has any more. */
export const hasAnything = ({ found, uniqKey, candidates, produced, stored, groups }: TraceReply): boolean =>
  found && ((uniqKey === null && candidates.length > 1) || produced !== null || stored.length > 0 || groups.length > 0);

function Identity({ reply, isRefreshing, onRefresh }: Pick<Props, 'reply' | 'isRefreshing' | 'onRefresh'>) {
  const t = useT('trace');
  const f = useFormat();
  const groups = worstFirst(reply.groups);
  const worst = groups[0];
  const states = [...new Set(groups.map(({ state }) => state))];
  const sentAt = reply.produced?.at ?? reply.stored[0]?.bornAt;
  return (
    <>
      <PageHeader
        title={<span className="mono">{reply.keys[0] ?? reply.uniqKey ?? reply.id}</span>}
        beside={
          worst ? (
            <Status {...GROUP_LOOK[worst.state]} chip>
              <span className="inline-block first-letter:uppercase">{t(`groupState.${worst.state}`)}</span>
            </Status>
          ) : null
        }
        lead
        sentence={
          <>
            {sentAt === undefined
              ? t.rich('sentenceNoTime', { ...rich, topic: reply.topic ?? t('someTopic') })
              : t.rich('sentence', { ...rich, topic: reply.topic ?? t('someTopic'), time: f.time(sentAt) })}
            {f.gap}
            {groups.length === 0
              ? t('noGroups')
              : t.rich('groupsSentence', {
                  ...rich,
                  n: groups.length,
                  count: f.count(groups.length),
                  parts: states
                    .map((state) => {
                      const n = groups.filter((group) => group.state === state).length;
                      return t('groupPart', { count: f.count(n), state: t(`groupState.${state}`) });
                    })
                    .join(t('comma')),
                })}
          </>
        }
        actions={
          <>
            <Button icon="refresh" busy={isRefreshing} onClick={onRefresh}>
              {t('refresh')}
            </Button>
            <CopyLinkButton />
          </>
        }
      />
      <p className="small fg2 mb12 flex wrap-f">
        {reply.uniqKey ? (
          <span>
            <span className="fg3">{t('messageId')}</span> <span className="mono break-all">{reply.uniqKey}</span>{' '}
            <CopyButton text={reply.uniqKey} what={t('messageId')} />
          </span>
        ) : null}
        {reply.masked ? (
          <span>
            <span className="fg3">{t('keys')}</span> <MaskedValue by={reply.masked.by} />
          </span>
        ) : null}
        {reply.keys.length > 0 ? (
          <span>
            <span className="fg3">{t('keys')}</span> <span className="mono">{reply.keys.join(' ')}</span>
          </span>
        ) : null}
        <span>
          <span className="fg3">{t('tag')}</span>{' '}
          {reply.tag ?? (reply.stored.length > 0 ? t('noTag') : <Unknown reason={t('tagUnknown')} />)}
        </span>
      </p>
    </>
  );
}

/** What could not be said, and why. */
function Missing({ reply }: { reply: TraceReply }) {
  const t = useT('trace');
  return (
    <Section panel title={t('missingTitle')}>
      {reply.missing.length === 0 ? (
        <p className="small flex fg2">
          <Icon name="tick" size={14} className="ok" /> {t('missingNothing')}
        </p>
      ) : (
        <ul className="miss small">
          {reply.missing.map((item) => (
            <li key={`${item.key} ${JSON.stringify(item.params)}`}>
              <Icon name="unknown" size={14} className="warn" />
              <span>{t(`trace_missing.${item.key}` as 'trace_missing.no_trace', item.params as never)}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
