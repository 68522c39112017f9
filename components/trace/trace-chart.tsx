'use client';
import { Section } from '@/components/shared/page-header';
import { useFormat } from '@/components/shared/use-format';
import { Segmented } from '@/components/ui/segmented';
import type { TraceReply } from '@/lib/contract/trace';
import { useT } from '@/lib/i18n/use-t';
import { ChartRow, PointRow } from './chart-row';
import { worstFirst } from './group-look';
import { GroupRow } from './group-row';
import { makeScale } from './scale';
import { SCALES, type ScaleKind } from './search-params';
import { timesOf } from './times';

/** Producer, broker and every group on one time axis. */
export function TraceChart({
  reply,
  kind,
  onKind,
}: {
  reply: TraceReply;
  kind: ScaleKind;
  onKind: (kind: ScaleKind) => void;
}) {
  const t = useT('trace');
  const f = useFormat();
  const scale = makeScale(timesOf(reply), kind);
  const { produced, topic } = reply;
  const first = reply.stored.find((copy) => copy.topic === topic) ?? reply.stored[0];
  const step = (scale.ticks[1] ?? scale.to) - (scale.ticks[0] ?? scale.from);
  const precision = step < 1_000 ? 'ms' : step < 60_000 ? 'second' : 'minute';
  return (
    <Section
      panel
      className="mb12"
      title={t('timeline')}
      note={t('range', { from: f.time(scale.from), to: f.time(scale.to) })}
      right={
        <Segmented
          label={t('scale')}
          value={kind}
          onChange={onKind}
          options={SCALES.map((value) => ({ value, label: t(`scales.${value}`) }))}
        />
      }
    >
      <svg width="0" height="0" aria-hidden="true">
        <defs>
          <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" x2="0" y1="0" y2="5" className="hat" />
          </pattern>
        </defs>
      </svg>
      <ChartRow label="" sub="" className="hide-m">
        <svg className="ch h-4" width="100%" height="16" aria-hidden="true">
          {kind === 'real' ? (
            scale.ticks.map((tick) => (
              <text key={tick} x={scale.x(tick)} y="11" textAnchor={scale.share(tick) < 0.03 ? 'start' : 'middle'}>
                {f.time(tick, precision)}
              </text>
            ))
          ) : (
            <>
              <text x="0" y="11">
                {f.time(scale.from)}
              </text>
              <text x="97%" y="11" textAnchor="end">
                {f.time(scale.to)}
              </text>
            </>
          )}
        </svg>
      </ChartRow>
      {produced ? (
        <ChartRow label={t('producer')} sub={produced.group ?? produced.client ?? ''}>
          <PointRow scale={scale} at={produced.at} fill="f1">
            {produced.costMs === null
              ? t('sentPlain', { client: produced.client ?? t('someClient') })
              : t('sentIn', {
                  cost: produced.costMs === 0 ? t('underMs') : f.duration(produced.costMs),
                  client: produced.client ?? t('someClient'),
                })}
          </PointRow>
        </ChartRow>
      ) : null}
      {first ? (
        <ChartRow label={t('broker')} sub={`${first.topic}, ${first.broker}/${first.queueId}`}>
          <PointRow scale={scale} at={first.storedAt} fill="f1">
            {t('storedAt', { time: f.time(first.storedAt, 'ms'), offset: f.count(first.queueOffset) })}
          </PointRow>
        </ChartRow>
      ) : null}
      {worstFirst(reply.groups).map((group) => (
        <GroupRow key={group.group} group={group} reply={reply} scale={scale} />
      ))}
    </Section>
  );
}
