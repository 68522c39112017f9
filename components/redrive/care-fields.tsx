'use client';
import { useFormat } from '@/components/shared/use-format';
import { Switch } from '@/components/ui/checkbox';
import { TextField } from '@/components/ui/text-field';
import type { RedrivePlan } from '@/lib/contract/plans';
import { BRAKE, CANARY_WAIT_MS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import { type Care, isLag, isWait, MOST_LAG } from './care';

/** Canary, brake and lag limit, which pause the job by itself; and what consumers that know an id would refuse. */
export function CareFields({
  care,
  hasCanary,
  onChange,
  plan,
}: {
  care: Care;
  /** As switched, or as usual. */
  hasCanary: boolean;
  onChange: (care: Care) => void;
  plan: RedrivePlan | undefined;
}) {
  const t = useT('redrive');
  const f = useFormat();
  const set = (part: Partial<Care>) => onChange({ ...care, ...part });
  const brake = plan?.brake ?? BRAKE;
  const waitMs = plan?.canary?.waitMs;
  const isLonger = hasCanary && waitMs !== undefined && isWait(care.wait) && waitMs > Number(care.wait) * 1000;
  return (
    <fieldset className="field care">
      <legend className="lab">{t('care')}</legend>
      <Switch checked={hasCanary} onChange={(on) => set({ hasCanary: on })} label={t('canary')} />
      {hasCanary ? (
        <TextField
          label={t('canaryWait')}
          inputMode="numeric"
          value={care.wait}
          width="w-[150px]"
          fieldClass="beside"
          maxLength={4}
          trailing={<span className="u small nowrap">{t('seconds')}</span>}
          hint={isLonger ? t('canaryWaitPop', { wait: f.duration(waitMs) }) : t('canaryWhat')}
          error={
            isWait(care.wait)
              ? undefined
              : t('canaryWaitBad', {
                  least: f.count(CANARY_WAIT_MS.least / 1000),
                  most: f.count(CANARY_WAIT_MS.most / 1000),
                })
          }
          onChange={(event) => set({ wait: event.target.value.trim() })}
        />
      ) : null}
      <p className="small fg2 mt8">{t('brake', { atLeast: brake.failedAtLeast, percent: brake.failedPercent })}</p>
      <TextField
        label={t('lagLimit')}
        inputMode="numeric"
        value={care.lag}
        width="w-[150px]"
        fieldClass="beside"
        maxLength={10}
        placeholder={t('lagLimitNone')}
        error={isLag(care.lag) ? undefined : t('lagLimitBad', { most: f.count(MOST_LAG) })}
        onChange={(event) => set({ lag: event.target.value.trim() })}
      />
      <Switch checked={care.newIds} onChange={(newIds) => set({ newIds })} label={t('newIds')} />
    </fieldset>
  );
}
