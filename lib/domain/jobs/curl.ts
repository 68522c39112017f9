import type { Operation } from '@/lib/store/operations';
import type { PlanBody } from '../plans/make';

/** The same job for automation: plan, then start. `$REDRIVE` is where the console listens. */
export function curlOf({ kind, reason }: Operation, { input, plan }: PlanBody): string {
  const start = JSON.stringify({ reason, ...(plan.confirm !== null && { confirm: plan.confirm }) });
  return [
    `TOKEN=$(curl -sf "$REDRIVE/api/plans/${kind}" -H 'content-type: application/json' \\`,
    `  -d ${quoted(JSON.stringify(input))} | jq -r .token)`,
    `echo ${quoted(start)} | jq --arg token "$TOKEN" '. + {token: $token}' |`,
    `  curl -sf "$REDRIVE/api/jobs" -H 'content-type: application/json' -H "idempotency-key: $(uuidgen)" -d @-`,
  ].join('\n');
}

/** For a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
