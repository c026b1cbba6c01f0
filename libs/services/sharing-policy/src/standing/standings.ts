import { abilityFor, standingAlone, type FamilyAbility } from '@heirloom/access';
import { Injectable } from '@nestjs/common';
import {
  policyMessages,
  type AccountId,
  type AlbumId,
  type AlbumRole,
  type Standing,
} from '@heirloom/contracts';
import { Bus } from '@heirloom/service-kit';
import { Database, type Transaction } from '../database.ts';
import { findMember } from '../members/members.ts';

interface AlbumRow {
  album_id: string;
  role: string;
  epoch: number;
  rotation_due: boolean;
}

/** What people may do: the answer that the other services build on. */
@Injectable()
export class Standings {
  constructor(
    private readonly db: Database,
    private readonly bus: Bus,
  ) {}

  /** As the database has it now: two queries, one for a person without a family. */
  async of(accountId: AccountId, tx: Transaction = this.db): Promise<Standing> {
    const member = await findMember(tx, accountId);
    if (!member) return standingAlone(accountId);
    const { familyId, libraryId, role } = member;
    return { accountId, family: { familyId, role }, libraryId, albums: await albumsOf(tx, accountId) };
  }

  /** The same as an ability. Handlers here decide by it, rather than by what was cached of it a moment ago. */
  async abilityOf(accountId: AccountId, tx: Transaction = this.db): Promise<FamilyAbility> {
    return abilityFor(await this.of(accountId, tx));
  }

  /** To be told after the change is committed. A nudge that is lost costs limits.standingCacheMs, so it may fail. */
  async changed(accountIds: AccountId[], requestId: string): Promise<void> {
    await this.bus
      .broadcast(policyMessages.standingChanged, { accountIds }, { requestId })
      .catch(() => undefined);
  }
}

/** A person's role in an album is that of the grant of the newest epoch that they hold. */
async function albumsOf(tx: Transaction, accountId: AccountId): Promise<Standing['albums']> {
  const rows = await tx.$queryRaw<AlbumRow[]>`
    SELECT DISTINCT ON (g.collection_id) g.collection_id AS album_id, g.role::text AS role, c.epoch, c.rotation_due
    FROM grants g JOIN collections c ON c.id = g.collection_id
    WHERE g.account_id = ${accountId}::uuid AND NOT g.removed AND c.kind = 'album'
    ORDER BY g.collection_id, g.epoch DESC`;
  return rows.map((row) => ({
    albumId: row.album_id as AlbumId,
    role: row.role as AlbumRole,
    epoch: row.epoch,
    rotationDue: row.rotation_due,
  }));
}
