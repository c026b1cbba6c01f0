import {
  familyStaffRoutes,
  staffAccountRoutes,
  vaultStaffRoutes,
  type AccountId,
  type FamilyId,
  type FoundAccount,
  type Usage,
} from '@heirloom/contracts';
import type { Http } from '@heirloom/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useStaff } from '../session/use-session.ts';

const pageLength = 50;

/** An account with what other services know of it. */
export interface ListedAccount extends FoundAccount {
  /** Null when vault did not answer. */
  usage: Usage | null;
  /** Null when sharing-policy did not answer, too. */
  familyId: FamilyId | null;
}

/** Accounts whose address begins so, a page at a time, with what they keep. */
export function useAccounts(search: string) {
  const { http } = useStaff();
  return useInfiniteQuery({
    queryKey: ['accounts', 'list', search],
    initialPageParam: null as AccountId | null,
    queryFn: async ({ pageParam, signal }) => {
      const page = await http.call(
        staffAccountRoutes.accounts,
        {
          query: {
            limit: pageLength,
            ...(search === '' ? {} : { search }),
            ...(pageParam === null ? {} : { after: pageParam }),
          },
        },
        { signal },
      );
      return { ...(await withUsage(http, page.accounts, signal)), next: page.next };
    },
    getNextPageParam: ({ next }) => next,
  });
}

/** The list is there also while one of the others is not. */
async function withUsage(http: Http, found: readonly FoundAccount[], signal: AbortSignal) {
  const accountIds = found.map(({ accountId }) => accountId);
  if (accountIds.length === 0) return { accounts: [], isPartial: false };
  const [usage, families] = await Promise.all([
    http.call(vaultStaffRoutes.usage, { body: { accountIds, familyIds: [] } }, { signal }).catch(() => null),
    http.call(familyStaffRoutes.familiesOf, { body: { accountIds } }, { signal }).catch(() => null),
  ]);
  const usages = new Map(usage?.accounts.map((one) => [one.accountId, one]));
  const familyIds = new Map(families?.accounts.map((one) => [one.accountId, one.familyId]));
  const accounts = found.map((account): ListedAccount => ({
    ...account,
    usage: usages.get(account.accountId) ?? null,
    familyId: familyIds.get(account.accountId) ?? null,
  }));
  return { accounts, isPartial: usage === null || families === null };
}
