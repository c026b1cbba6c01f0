import { Inject, Injectable } from '@nestjs/common';
import {
  type AppError,
  libraryMessages,
  type AccountId,
  type AuditActor,
  type FamilyId,
  type LibraryId,
  type Quota,
  type Standing,
} from '@heirloom/contracts';
import { Bus, recordAct, withRetry } from '@heirloom/service-kit';
import { Database, type Transaction } from '../database/database.ts';
import { storageFull } from './storage-full.ts';

/** What the installation allows whom no operator has set a quota for: bytes, or null for as many as there is room. */
export interface DefaultQuotas {
  readonly account: number | null;
  readonly family: number | null;
}
export const DEFAULT_QUOTAS = Symbol('heirloom:default-quotas');

export type QuotaHolder = 'account' | 'family';

/** Whose things an upload adds to. */
export type Keeper = Pick<Standing, 'accountId' | 'libraryId' | 'family'>;

/** How much some accounts may keep together, with their libraries. */
export interface Bound {
  readonly holder: QuotaHolder;
  readonly holderId: AccountId | FamilyId;
  readonly bytes: number;
  readonly accountIds: readonly AccountId[];
  readonly libraryIds: readonly LibraryId[];
}

/** What is kept, and what uploads that are open will add to it when they are finished. */
export interface Kept {
  readonly bytes: number;
  readonly openBytes: number;
}

/** Who may keep how much. */
@Injectable()
export class Quotas {
  constructor(
    private readonly db: Database,
    private readonly bus: Bus,
    @Inject(DEFAULT_QUOTAS) private readonly defaults: DefaultQuotas,
  ) {}

  /** In the order of the ids. */
  async of(holder: QuotaHolder, ids: readonly string[], tx: Transaction = this.db): Promise<Quota[]> {
    if (ids.length === 0) return [];
    const rows = await tx.quota.findMany({ where: { holder, holderId: { in: [...ids] } } });
    const set = new Map(rows.map(({ holderId, bytes }) => [holderId, bytes === null ? null : Number(bytes)]));
    return ids.map((id) => {
      const bytes = set.get(id);
      return bytes === undefined
        ? { bytes: this.defaults[holder], isDefault: true }
        : { bytes, isDefault: false };
    });
  }

  /** Sets a quota, or takes it back. What is stored already stays. */
  async set(
    holder: QuotaHolder,
    holderId: AccountId | FamilyId,
    bytes: number | null | 'default',
    by: AuditActor,
  ): Promise<Quota> {
    return withRetry(() =>
      this.db.$transaction(async (tx) => {
        if (bytes === 'default') await tx.quota.deleteMany({ where: { holder, holderId } });
        else {
          const data = { bytes: bytes === null ? null : BigInt(bytes), setAt: new Date() };
          await tx.quota.upsert({
            where: { holder_holderId: { holder, holderId } },
            create: { holder, holderId, ...data },
            update: data,
          });
        }
        const [quota] = await this.of(holder, [holderId], tx);
        await recordAct(tx, {
          kind: 'quota-set',
          actor: by,
          ...(holder === 'account'
            ? { accountId: holderId as AccountId }
            : { familyId: holderId as FamilyId }),
          details: quota!.bytes === null ? {} : { bytes: quota!.bytes },
        });
        return quota!;
      }),
    );
  }

  /** What bounds someone: none, their own quota, their family's, or both. @throws AppError when it cannot be told */
  async boundsOf({ accountId, libraryId, family }: Keeper, requestId: string): Promise<Bound[]> {
    const [own] = await this.of('account', [accountId]);
    const [ofFamily] = family ? await this.of('family', [family.familyId]) : [];
    const bounds: Bound[] = [];
    // The family's first: whoever holds several locks them in one order.
    if (family && ofFamily && ofFamily.bytes !== null) {
      const { familyId } = family;
      const members = await this.bus.ask(
        libraryMessages.librariesOf,
        { accountIds: [], familyIds: [familyId] },
        { requestId },
      );
      bounds.push({
        holder: 'family',
        holderId: familyId,
        bytes: ofFamily.bytes,
        accountIds: members.libraries.map((member) => member.accountId),
        libraryIds: members.libraries.map((member) => member.libraryId),
      });
    }
    if (own!.bytes !== null) {
      const libraryIds = libraryId ? [libraryId] : [];
      bounds.push({
        holder: 'account',
        holderId: accountId,
        bytes: own!.bytes,
        accountIds: [accountId],
        libraryIds,
      });
    }
    return bounds;
  }

  /** What some accounts keep, as of one moment. */
  async kept(
    { accountIds, libraryIds }: Pick<Bound, 'accountIds' | 'libraryIds'>,
    tx: Transaction = this.db,
  ): Promise<Kept> {
    const [sums] = await tx.$queryRaw<[{ bytes: bigint; open: bigint }]>`
      SELECT
        (SELECT coalesce(sum(bytes), 0) FROM library_tallies
          WHERE library_id = ANY(${[...libraryIds]}::uuid[]))::bigint AS bytes,
        (SELECT coalesce(sum(length_bytes), 0) FROM uploads
          WHERE account_id = ANY(${[...accountIds]}::uuid[]))::bigint AS open`;
    return { bytes: Number(sums.bytes), openBytes: Number(sums.open) };
  }

  /**
   * Which of some objects, in their order, would pass a bound together with those before them that do not: undefined
   * for one that fits. Whoever holds the bounds' locks can rely on it.
   *
   * @param counting whether what other uploads will add counts already. It does for an upload that begins. One that is to
   * be stored was let in before, but a quota may have become smaller since, or the family another one.
   */
  async refusals(
    bounds: readonly Bound[],
    lengths: readonly number[],
    counting: 'stored' | 'stored and open',
    tx: Transaction = this.db,
  ): Promise<(AppError | undefined)[]> {
    const rooms: { bound: Bound; keptBytes: number }[] = [];
    for (const bound of bounds) {
      const { bytes, openBytes } = await this.kept(bound, tx);
      rooms.push({ bound, keptBytes: counting === 'stored' ? bytes : bytes + openBytes });
    }
    return lengths.map((length) => {
      const full = rooms.find(({ bound, keptBytes }) => keptBytes + length > bound.bytes);
      if (full) return storageFull(full.bound, full.keptBytes, length);
      rooms.forEach((room) => (room.keptBytes += length));
      return undefined;
    });
  }
}

/**
 * Makes requests that add to what somebody keeps stand in one line until their transactions end, so that many at once
 * cannot pass a quota together. Families come before accounts.
 */
export async function lockHolders(tx: Transaction, ...ids: readonly string[]): Promise<void> {
  for (const id of ids) await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${id}, 0))`;
}
