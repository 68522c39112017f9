/** Keys that code builds at run time, as `namespace.prefix`: everything below counts as used, and a computed key must lie below one of them. */
export const DYNAMIC_FAMILIES = [
  'errors',
  'status.group',
  'status.rule',
  'status.letter',
  'status.severity',
  'status.outcome',
  'status.job',
  'shell.sections',
  'shell.themes',
  'status.status_rule',
  'status.unknown',
  'overview.findings',
  'overview.job_kind',
] as const;
