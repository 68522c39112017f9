'use client';
import { useFormat } from '@/components/shared/use-format';
import { Segmented } from '@/components/ui/segmented';
import { TextField } from '@/components/ui/text-field';
import { useT } from '@/lib/i18n/use-t';

export const DEFAULT_RATE = 20;
export const MAX_RATE = 500;
const PRESETS = ['1', '5', '20', '100', '500'] as const;

export const isRate = (text: string): boolean =>
  /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_RATE;

/** Messages per second at most, and how long that takes. */
export function SpeedField({
  text,
  onChange,
  count,
}: {
  text: string;
  onChange: (text: string) => void;
  count: number;
}) {
  const t = useT('redrive');
  const f = useFormat();
  const isValid = isRate(text);
  return (
    <div className="rates mb12 items-start">
      <TextField
        label={t('speed')}
        inputMode="numeric"
        value={text}
        width="w-[186px]"
        fieldClass="mb0"
        maxLength={4}
        trailing={<span className="u small nowrap">{t('perSecondAtMost')}</span>}
        error={isValid ? undefined : t('rateBad', { max: MAX_RATE })}
        onChange={(event) => onChange(event.target.value.trim())}
      />
      <span className="flex min-[721px]:mt-[24px] wrap-f">
        <Segmented
          label={t('speedPresets')}
          value={text as (typeof PRESETS)[number]}
          options={PRESETS.map((value) => ({ value, label: value }))}
          onChange={onChange}
        />
        <span className="fg3 small nowrap">
          {isValid ? t('eta', { duration: f.duration(Math.ceil((count / Number(text)) * 1_000)) }) : null}
        </span>
      </span>
    </div>
  );
}
