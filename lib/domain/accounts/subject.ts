import type { Account } from '@/lib/store/accounts';

/** What an account of a provider is found by. */
export const subjectOf = ({ issuer, subject }: { issuer: string; subject: string }): string =>
  `${withoutSlash(issuer)} ${subject}`;

/** Whether the account is one of this provider. */
export const isOfIssuer = ({ subject }: Pick<Account, 'subject'>, issuer: string | undefined): boolean =>
  issuer !== undefined && subject?.startsWith(`${withoutSlash(issuer)} `) === true;

/** A slash at the end of an issuer is easily added or left out, and makes nobody another. */
const withoutSlash = (issuer: string): string => issuer.replace(/\/+$/, '');
