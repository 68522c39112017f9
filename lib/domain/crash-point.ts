/** Where a redrive can be torn apart, in the order of its run (safety §5.9). */
export const REDRIVE_CRASH_POINTS = [
  'after_plan_insert',
  'after_freeze',
  'before_first_intent',
  'between_intent_and_frame',
  'after_half_a_frame',
  'after_frame_before_answer',
  'answer_not_committed',
  'result_committed',
  'during_resolution_wait',
  'during_lane_scan',
  'between_last_result_and_final_scan',
  'between_final_scan_and_report',
] as const;
export type RedriveCrashPoint = (typeof REDRIVE_CRASH_POINTS)[number];

const OTHER_CRASH_POINTS = ['after_answer', 'before_delete', 'before_run_once', 'after_run_once'] as const;

/** Half a frame is the kernel's doing: a proxy has to stop there, no hook can. */
type Hooked = Exclude<RedriveCrashPoint, 'after_half_a_frame'>;
export type CrashPoint = Hooked | (typeof OTHER_CRASH_POINTS)[number];

/** All places where `ctx.crashPoint` is called. */
export const CRASH_POINTS: readonly CrashPoint[] = [
  ...REDRIVE_CRASH_POINTS.filter((point): point is Hooked => point !== 'after_half_a_frame'),
  ...OTHER_CRASH_POINTS,
];
