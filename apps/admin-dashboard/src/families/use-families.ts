import {
  familyStaffRoutes,
  vaultStaffRoutes,
  type FamilyId,
  type FamilySummary,
  type Usage,
} from '@heirloom/contracts';
import type { Http } from '@heirloom/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useStaff } from '../session/use-session.ts';

const pageLength = 50;

/** A family with what its members keep; null when vault did not answer. */
export interface ListedFamily extends FamilySummary {
  usage: Usage | null;
}

export function useFamilies() {
  const { http } = useStaff();
  return useInfiniteQuery({
    queryKey: ['families', 'list'],
    initialPageParam: null as FamilyId | null,
    queryFn: async ({ pageParam, signal }) => {
      const { families, next } = await http.call(
        familyStaffRoutes.families,
        { query: { limit: pageLength, ...(pageParam === null ? {} : { after: pageParam }) } },
        { signal },
      );
      const usages = await usagesOf(
        http,
        families.map(({ familyId }) => familyId),
        signal,
      );
      const listed = families.map((family): ListedFamily => ({
        ...family,
        usage: usages?.get(family.familyId) ?? null,
      }));
      return { families: listed, isPartial: usages === null, next };
    },
    getNextPageParam: ({ next }) => next,
  });
}

export function useFamily(familyId: FamilyId) {
  const { http } = useStaff();
  return useQuery({
    queryKey: ['families', 'one', familyId],
    queryFn: async ({ signal }) => {
      const [family, usages] = await Promise.all([
        http.call(familyStaffRoutes.family, { params: { familyId } }, { signal }),
        usagesOf(http, [familyId], signal),
      ]);
      return { ...family, usage: usages?.get(familyId) ?? null };
    },
  });
}

/** The list is there also while vault is not. */
async function usagesOf(
  http: Http,
  familyIds: readonly FamilyId[],
  signal: AbortSignal,
): Promise<Map<FamilyId, Usage> | null> {
  if (familyIds.length === 0) return new Map();
  const usage = await http
    .call(vaultStaffRoutes.usage, { body: { accountIds: [], familyIds } }, { signal })
    .catch(() => null);
  return usage && new Map(usage.families.map((one) => [one.familyId, one]));
}
