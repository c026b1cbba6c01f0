import { Injectable } from '@nestjs/common';
import {
  libraryMessages,
  type AccountId,
  type FamilyId,
  type LibraryId,
  type MessageOutput,
  type OwnUsage,
  type Usage,
} from '@heirloom/contracts';
import { Bus } from '@heirloom/service-kit';
import { Database } from '../database/database.ts';
import { Tallies, type LibraryTally } from '../tallies/tallies.ts';
import { Quotas, type Keeper } from './quotas.ts';

type Libraries = MessageOutput<typeof libraryMessages.librariesOf>['libraries'];

/** Sums of what some people keep. */
interface Sums {
  tallies: ReadonlyMap<LibraryId, LibraryTally>;
  openBytes: ReadonlyMap<string, number>;
}

/** How much people and families keep. */
@Injectable()
export class Usages {
  constructor(
    private readonly db: Database,
    private readonly bus: Bus,
    private readonly tallies: Tallies,
    private readonly quotas: Quotas,
  ) {}

  /** As the person may know it: the family's sum is theirs to see where it decides whether they can upload. */
  async own(keeper: Keeper, requestId: string): Promise<OwnUsage> {
    const { accountId, libraryId } = keeper;
    const libraryIds = libraryId ? [libraryId] : [];
    const [own] = await this.tallies.libraries(libraryIds);
    const { openBytes } = await this.quotas.kept({ accountIds: [accountId], libraryIds });
    const bounds = await this.quotas.boundsOf(keeper, requestId);
    const family = bounds.find(({ holder }) => holder === 'family');
    return {
      photos: own?.photos ?? 0,
      bytes: own?.bytes ?? 0,
      openBytes,
      trashedBytes: libraryId ? await this.#trashedBytes(libraryId) : 0,
      quota: bounds.find(({ holder }) => holder === 'account')?.bytes ?? null,
      family: family ? { ...(await this.quotas.kept(family)), quota: family.bytes } : null,
    };
  }

  /** In the order of the ids. */
  async of(
    accountIds: readonly AccountId[],
    familyIds: readonly FamilyId[],
    requestId: string,
  ): Promise<{
    accounts: (Usage & { accountId: AccountId })[];
    families: (Usage & { familyId: FamilyId; members: number })[];
  }> {
    const { libraries } = await this.bus.ask(
      libraryMessages.librariesOf,
      { accountIds: [...accountIds], familyIds: [...familyIds] },
      { requestId },
    );
    const sums = await this.#sums(accountIds, libraries);
    const byAccount = Map.groupBy(libraries, ({ accountId }) => accountId);
    const byFamily = Map.groupBy(libraries, ({ familyId }) => familyId);
    const accountQuotas = await this.quotas.of('account', accountIds);
    const familyQuotas = await this.quotas.of('family', familyIds);
    return {
      accounts: accountIds.map((accountId, i) => ({
        accountId,
        ...total([accountId], byAccount.get(accountId) ?? [], sums),
        quota: accountQuotas[i]!,
      })),
      families: familyIds.map((familyId, i) => {
        const members = byFamily.get(familyId) ?? [];
        const ids = members.map(({ accountId }) => accountId);
        return { familyId, members: ids.length, ...total(ids, members, sums), quota: familyQuotas[i]! };
      }),
    };
  }

  async #sums(accountIds: readonly AccountId[], libraries: Libraries): Promise<Sums> {
    const tallies = await this.tallies.libraries(libraries.map(({ libraryId }) => libraryId));
    const uploaders = [...accountIds, ...libraries.map(({ accountId }) => accountId)];
    const open = await this.db.$queryRaw<{ accountId: string; bytes: bigint }[]>`
      SELECT account_id AS "accountId", sum(length_bytes)::bigint AS bytes FROM uploads
      WHERE account_id = ANY(${uploaders}::uuid[]) GROUP BY account_id`;
    return {
      tallies: new Map(tallies.map((tally) => [tally.libraryId, tally])),
      openBytes: new Map(open.map(({ accountId, bytes }) => [accountId, Number(bytes)])),
    };
  }

  async #trashedBytes(libraryId: LibraryId): Promise<number> {
    const [sum] = await this.db.$queryRaw<[{ bytes: bigint }]>`
      SELECT coalesce(sum(o.size_bytes), 0)::bigint AS bytes
      FROM photos p JOIN versions v ON v.photo_id = p.id JOIN objects o ON o.name = v.object_name
      WHERE p.library_id = ${libraryId}::uuid AND p.trashed_at IS NOT NULL`;
    return Number(sum.bytes);
  }
}

function total(
  accountIds: readonly AccountId[],
  libraries: Libraries,
  { tallies, openBytes }: Sums,
): Omit<Usage, 'quota'> {
  const kept = libraries.flatMap(({ libraryId }) => tallies.get(libraryId) ?? []);
  const times = kept.flatMap(({ storedAt }) => storedAt?.getTime() ?? []);
  const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
  return {
    photos: sum(kept.map(({ photos }) => photos)),
    bytes: sum(kept.map(({ bytes }) => bytes)),
    openBytes: sum(accountIds.map((accountId) => openBytes.get(accountId) ?? 0)),
    lastBackupAt: times.length > 0 ? new Date(Math.max(...times)) : null,
  };
}
