import {
  AppError,
  limits,
  newId,
  staffAccountRoutes,
  type AccountId,
  type FoundAccount,
  type RouteOutput,
  type StaffAct,
  type StaffActId,
} from '@heirloom/contracts';
import type { SignedInOperator } from './operator.ts';

export type AccountPage = RouteOutput<typeof staffAccountRoutes.account>;

/** People's accounts whose e-mail address begins so, in the order of their addresses; so many at most. */
export async function findAccounts(
  { http }: SignedInOperator,
  search: string,
  atMost = Number.POSITIVE_INFINITY,
): Promise<FoundAccount[]> {
  const accounts: FoundAccount[] = [];
  let after: AccountId | null | undefined;
  while (after !== null && accounts.length < atMost) {
    const limit = Math.min(limits.accountsPerPage, atMost - accounts.length);
    const page = await http.call(staffAccountRoutes.accounts, {
      query: { ...(search === '' ? {} : { search }), ...(after === undefined ? {} : { after }), limit },
    });
    accounts.push(...page.accounts);
    after = page.next;
  }
  return accounts;
}

/** The account with this very address. @throws AppError `not-found` */
export async function accountOf(operator: SignedInOperator, email: string): Promise<FoundAccount> {
  const wanted = email.trim().toLowerCase();
  // An address that another one begins with comes before that one.
  const [first] = await findAccounts(operator, wanted, 1);
  if (first?.email === wanted) return first;
  throw new AppError('not-found', { detail: `Nobody has an account with the address ${wanted}.` });
}

/** An account with its devices and what staff did to it. That it was read is written down, and its owner sees it. */
export const readAccount = ({ http }: SignedInOperator, accountId: AccountId): Promise<AccountPage> =>
  http.call(staffAccountRoutes.account, { params: { accountId } });

/**
 * Locks or unlocks an account, or signs its devices out. The owner sees it, with the reason.
 *
 * @throws AppError `not-found`, `conflict` where there is nothing to lock or to unlock
 */
export async function actOnAccount(
  { http }: SignedInOperator,
  kind: 'lock' | 'unlock' | 'endSessions',
  accountId: AccountId,
  reason: string,
): Promise<StaffAct> {
  const body = { actId: newId<StaffActId>(), reason };
  return (await http.call(staffAccountRoutes[kind], { params: { accountId }, body })).act;
}
