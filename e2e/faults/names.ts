import { REDRIVE_CRASH_POINTS } from '@/lib/domain/crash-point';

/** The 12 points of safety §5.9, and an instant that nobody chose. */
export const CRASHES = [...REDRIVE_CRASH_POINTS, 'random_instant'] as const;
/** What the wire or a broker does to a redrive (safety §4.2, F18 to F22). */
export const WIRE_FAULTS = [
  'answer_lost',
  'request_lost',
  'request_late',
  'reset_after_store',
  'reset_before_store',
  'system_error',
  'busy',
  'flow_control',
  'not_available',
  'no_slave',
] as const;
/** What others do between the plan and the end (F23, F26, F35), the console's own disk (F34), and a browser's network (F36). */
export const PEOPLE = [
  'two_operators',
  'double_click',
  'second_console',
  'letters_replaced',
  'target_deleted',
  'target_recreated',
  'store_full',
  'viewer_cut',
] as const;
/** A console whose clock is ten minutes from that of the brokers (F27). */
export const CLOCKS = ['clock_ahead', 'clock_behind'] as const;
/** What takes a broker from everybody, so that nothing else may run beside it (F17, F25). */
export const BROKER_FAULTS = [
  'broker_killed',
  'broker_stopped',
  'broker_frozen',
  'one_of_two_gone',
  'one_of_two_hangs',
  'letters_expired',
] as const;
/** What takes a master with a slave, and disks that are waited for (F21). */
export const REPLICA_FAULTS = ['slave_frozen', 'flush_timeout'] as const;
export type FaultName = (
  | typeof CRASHES
  | typeof WIRE_FAULTS
  | typeof PEOPLE
  | typeof CLOCKS
  | typeof BROKER_FAULTS
  | typeof REPLICA_FAULTS
)[number];
