/** Why a figure is null, or a total leaves something out: keys under `unknown.` in lib/i18n. */
export const UNKNOWN_REASONS = [
  'broker_silent',
  'members_unknown',
  'behind_proxy',
  'pop_hidden',
  'no_offset',
  'broadcast',
  'not_sampled',
  'expired',
  'budget',
  'not_read',
] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];
