import { createLoader, parseAsString } from 'nuqs/server';

/** Address of /retries: all groups, or one. */
export const retriesParams = {
  cluster: parseAsString,
  group: parseAsString,
  q: parseAsString.withDefault(''),
  /** Record id of the open drawer. */
  message: parseAsString,
};
export const readRetriesParams = createLoader(retriesParams);

export const retriesInput = (params: { cluster: string | null; group: string | null }) => ({
  cluster: params.cluster ?? undefined,
  group: params.group || undefined,
  limit: 500,
});
