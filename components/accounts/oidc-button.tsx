'use client';
import { useMutation } from '@tanstack/react-query';
import { ProblemNote } from '@/components/plans/problem-note';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { beginOidc } from '@/lib/queries/accounts';
import type { ApiProblem } from '@/lib/queries/fetcher';

/** Leaves for the OpenID provider, which sends the browser back. */
export function OidcButton({ provider, next, isOnly }: { provider: string; next: string; isOnly: boolean }) {
  const t = useT('accounts');
  const leave = useMutation({
    mutationFn: beginOidc,
    onSuccess: ({ url }) => window.location.assign(url),
  });
  return (
    <>
      {leave.error ? <ProblemNote problem={leave.error as ApiProblem} /> : null}
      <Button
        variant={isOnly ? 'primary' : 'default'}
        className="w-full"
        busy={leave.isPending || leave.isSuccess}
        onClick={() => leave.mutate(next)}
      >
        {t('signInWith', { provider })}
      </Button>
    </>
  );
}
