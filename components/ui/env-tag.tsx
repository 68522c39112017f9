/** Environment of a cluster. PROD is filled, everything else outlined. */
export const EnvTag = ({ env }: { env: string | null | undefined }) =>
  env ? <span className={`env${/^prod/i.test(env) ? '' : ' stg'}`}>{env.toUpperCase()}</span> : null;
