'use client';
import { useFormat } from '@/components/shared/use-format';
import { Segmented } from '@/components/ui/segmented';
import { TextField } from '@/components/ui/text-field';
import { useT } from '@/lib/i18n/use-t';
import { isRate } from './care';

const PRESETS = ['1', '5', '20', '100', '500'] as const;

/** Messages per second at most, and how long that takes. */
export function SpeedField({
  text,
  max,
  onChange,
  count,
}: {
  text: string;
  /** What the configuration allows. */
  max: number;
  onChange: (text: string) => void;
  count: number;
}) {
  const t = useT('redrive');
  const f = useFormat();
  const isValid = isRate(text, max);
  return (
    <div className="rates mb12 items-start">
      <TextField
        label={t('speed')}
        inputMode="numeric"
        value={text}
        width="w-[186px]"
        fieldClass="mb0"
        maxLength={6}
        trailing={<span className="u small nowrap">{t('perSecondAtMost')}</span>}
        error={isValid ? undefined : t('rateBad', { max: f.count(max) })}
        onChange={(event) => onChange(event.target.value.trim())}
      />
      <span className="flex min-[721px]:mt-[24px] wrap-f">
        <Segmented
          label={t('speedPresets')}
          value={text as (typeof PRESETS)[number]}
          options={PRESETS.filter((value) => Number(value) <= max).map((value) => ({ value, label: value }))}
          onChange={onChange}
        />
        <span className="fg3 small nowrap">
          {isValid ? t('eta', { duration: f.duration(Math.ceil((count / Number(text)) * 1_000)) }) : null}
        </span>
      </span>
    </div>
  );
}
