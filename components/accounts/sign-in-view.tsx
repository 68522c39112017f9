'use client';
import { useSearchParams } from 'next/navigation';
import { Banner } from '@/components/shared/banner';
import { useT } from '@/lib/i18n/use-t';
import { Entrance } from './entrance';
import { nextAddress } from './next-address';
import { OidcButton } from './oidc-button';
import { PasswordSignIn } from './password-sign-in';

type Props = {
  idleMinutes: number;
  hours: number;
  isNew: boolean;
  hasPasswordSignIn: boolean;
  /** What the OpenID provider is called; null: there is none. */
  provider: string | null;
};

export function SignInView({ idleMinutes, hours, isNew, hasPasswordSignIn, provider }: Props) {
  const t = useT('accounts');
  const search = useSearchParams();
  const next = nextAddress(search.get('next'));
  return (
    <Entrance title={t('signIn')}>
      {isNew ? (
        <Banner tone="info" className="mb12">
          {t('noAccounts')}
        </Banner>
      ) : search.has('ended') ? (
        <Banner tone="info" className="mb12">
          {t('ended')}
        </Banner>
      ) : null}
      {hasPasswordSignIn ? <PasswordSignIn next={next} /> : null}
      {provider && hasPasswordSignIn ? <div className="or">{t('or')}</div> : null}
      {provider ? <OidcButton provider={provider} next={next} isOnly={!hasPasswordSignIn} /> : null}
      <p className="hint">{t('limits', { minutes: idleMinutes, hours })}</p>
    </Entrance>
  );
}
