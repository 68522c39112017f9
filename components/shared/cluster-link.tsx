'use client';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { type ComponentProps, createContext, useCallback, useContext } from 'react';

export type Params = Record<string, string | number | boolean | null | undefined>;
const DefaultClusterContext = createContext<string | null>(null);
export const DefaultClusterProvider = DefaultClusterContext;

/** `/groups/detail` + `{ group: 'a%b' }` → `/groups/detail?group=a%25b`. Empty values are left out. */
export function withParams(path: string, params: Params = {}): string {
  const [base = '', query = ''] = path.split('?');
  const search = new URLSearchParams(query);
  for (const [key, value] of Object.entries(params)) {
    if (value === null || value === undefined || value === '') search.delete(key);
    else search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `${base}?${text}` : base;
}

/** The cluster of the address, else the only or first one. Null while none is configured. */
export function useCluster(): string | null {
  const inAddress = useSearchParams().get('cluster');
  const first = useContext(DefaultClusterContext);
  return inAddress ?? first;
}

/** Makes addresses that stay in the cluster: `href('/topics/detail', { topic })`. */
export function useHref(): (path: string, params?: Params) => string {
  const cluster = useCluster();
  return useCallback((path, params) => withParams(path, { cluster, ...params }), [cluster]);
}

/** next/link that keeps `?cluster=`. */
export function ClusterLink({
  href,
  params,
  ...rest
}: Omit<ComponentProps<typeof Link>, 'href'> & { href: string; params?: Params }) {
  const make = useHref();
  return <Link prefetch={false} {...rest} href={make(href, params)} />;
}
