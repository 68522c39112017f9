'use client';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ProblemNote } from '@/components/plans/problem-note';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { finishOidc } from '@/lib/queries/accounts';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { Entrance } from './entrance';
import { nextAddress } from './next-address';

/**
 * Where an OpenID provider sends the browser back to. A redirect from here would leave out the session's cookie, which no
 * other site's navigation carries: the page goes on by itself.
 */
export function OidcReturn() {
  const t = useT('accounts');
  const { mutate, error } = useMutation({
    mutationFn: finishOidc,
    onSuccess: ({ next }) => window.location.replace(nextAddress(next)),
  });
  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    const answer = window.location.search.slice(1);
    // Once: it works once, and nobody who looks at the address later is to find it.
    window.history.replaceState(null, '', window.location.pathname);
    if (answer) mutate(answer);
    else window.location.replace('/sign-in');
  }, [mutate]);
  return (
    <Entrance title={t('signIn')}>
      {error ? (
        <>
          <ProblemNote problem={error as ApiProblem} />
          <Button variant="primary" className="w-full" onClick={() => window.location.replace('/sign-in')}>
            {t('signInAgain')}
          </Button>
        </>
      ) : (
        <p role="status">{t('signingIn')}</p>
      )}
    </Entrance>
  );
}
