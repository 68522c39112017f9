import { usePathname, useSearchParams } from 'next/navigation';
import { useCallback } from 'react';
import { type Params, withParams } from './cluster-link';

/** The address of this page with some parameters changed; the others stay. */
export function useAddress(): (params: Params) => string {
  const pathname = usePathname();
  const search = useSearchParams();
  return useCallback((params) => withParams(`${pathname}?${search}`, params), [pathname, search]);
}
