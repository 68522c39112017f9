import { type AccessRefusal, accessRefusalOf } from '@/lib/rocketmq/access-refusal';
import { RocketMQError, refusalCause } from '@/lib/rocketmq/errors';

/** Text parameters of a cause, for whatever says it: `cause` is a key below `common.cause`. */
export function causeParams(code: string, params: Record<string, string> = {}): Record<string, string> {
  return { cause: code, ...params };
}

/** The same of what a broker answered; empty for anything but a refusal of who asks. */
export function refusalParams(code: number | null, remark: string | null): Record<string, string> {
  return paramsOf(code === null ? null : accessRefusalOf(code, remark ?? ''));
}

/** Why a job ends when a broker turns it away for who we are: asking again changes nothing. Null for any other error. */
export function accessRefused(error: unknown, broker?: string) {
  if (!(error instanceof RocketMQError) || !error.refusal) return null;
  return { key: 'access_refused', params: { broker: broker || error.address, ...paramsOf(error.refusal) } };
}

function paramsOf(refusal: AccessRefusal | null): Record<string, string> {
  const cause = refusalCause(refusal);
  return cause ? causeParams(cause.code, cause.params) : {};
}
