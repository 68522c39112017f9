import type { Account } from '@/lib/store/accounts';

export const rolesOf = (account: Pick<Account, 'rolesJson'>): string[] => JSON.parse(account.rolesJson) as string[];
