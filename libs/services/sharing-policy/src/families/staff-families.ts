import { Injectable } from '@nestjs/common';
import {
  AppError,
  type AccountId,
  type FamilyId,
  type familyStaffRoutes,
  type FamilySummary,
  type InvitedRole,
  type InviteId,
  type LibraryId,
  type libraryMessages,
  type MessageInput,
  type MessageOutput,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { Database } from '../database.ts';
import { Prisma } from '../generated/client.ts';

type Routes = typeof familyStaffRoutes;

interface FamilyRow {
  id: FamilyId;
  createdAt: Date;
  members: number;
  openInvites: number;
}

interface InviteRow {
  id: InviteId;
  familyId: FamilyId;
  role: InvitedRole;
  createdBy: AccountId;
  createdAt: Date;
  expiresAt: Date;
  isExpired: boolean;
  state: 'open' | 'used' | 'revoked' | 'expired';
  usedBy: AccountId | null;
}

/** Who belongs together, for those who run the server. One query for each answer, or two, whatever its length. */
@Injectable()
export class StaffFamilies {
  constructor(private readonly db: Database) {}

  /** A family that was dissolved has no members, and is not listed. */
  async list({
    after,
    limit,
  }: RouteInput<Routes['families']>['query']): Promise<RouteOutput<Routes['families']>> {
    const rows = await this.#summaries(Prisma.sql`
      WHERE (${after ?? null}::uuid IS NULL OR f.id < ${after ?? null}::uuid)
        AND EXISTS (SELECT FROM members m WHERE m.family_id = f.id)
      ORDER BY f.id DESC LIMIT ${limit + 1}`);
    const families = rows.slice(0, limit).map(summaryOf);
    return { families, next: rows.length > limit ? families.at(-1)!.familyId : null };
  }

  /** @throws AppError `not-found` */
  async read(familyId: FamilyId): Promise<RouteOutput<Routes['family']>> {
    const [row] = await this.#summaries(Prisma.sql`WHERE f.id = ${familyId}::uuid`);
    if (!row) throw new AppError('not-found');
    const members = await this.db.member.findMany({
      where: { familyId },
      orderBy: [{ joinedAt: 'asc' }, { accountId: 'asc' }],
      select: { accountId: true, role: true, joinedAt: true },
    });
    const albums = await this.db.collection.count({ where: { familyId, kind: 'album' } });
    return {
      ...summaryOf(row),
      members: members.map((member) => ({ ...member, accountId: member.accountId as AccountId })),
      albums,
    };
  }

  async of(accountIds: readonly AccountId[]): Promise<RouteOutput<Routes['familiesOf']>> {
    const rows = await this.db.member.findMany({
      where: { accountId: { in: [...accountIds] } },
      select: { accountId: true, familyId: true, role: true, joinedAt: true },
    });
    return {
      accounts: rows.map((row) => ({
        ...row,
        accountId: row.accountId as AccountId,
        familyId: row.familyId as FamilyId,
      })),
    };
  }

  async invites({
    state,
    after,
    limit,
  }: RouteInput<Routes['invites']>['query']): Promise<RouteOutput<Routes['invites']>> {
    const rows = await this.db.$queryRaw<InviteRow[]>`
      SELECT id, family_id AS "familyId", role, created_by AS "createdBy", created_at AS "createdAt",
        expires_at AS "expiresAt", expires_at <= now() AS "isExpired", state, used_by AS "usedBy"
      FROM invites
      WHERE (${after ?? null}::uuid IS NULL OR id < ${after ?? null}::uuid) AND ${inState(state)}
      ORDER BY id DESC LIMIT ${limit + 1}`;
    const invites = rows.slice(0, limit).map(({ id, isExpired, ...row }) => ({
      ...row,
      inviteId: id,
      state: row.state === 'open' && isExpired ? ('expired' as const) : row.state,
    }));
    return { invites, next: rows.length > limit ? invites.at(-1)!.inviteId : null };
  }

  async libraries({
    accountIds,
    familyIds,
  }: MessageInput<typeof libraryMessages.librariesOf>): Promise<
    MessageOutput<typeof libraryMessages.librariesOf>
  > {
    const rows = await this.db.$queryRaw<
      { libraryId: LibraryId; accountId: AccountId; familyId: FamilyId | null }[]
    >`
      SELECT l.id AS "libraryId", l.account_id AS "accountId", m.family_id AS "familyId"
      FROM libraries l
      LEFT JOIN (SELECT * FROM members WHERE account_id = ANY(${[...accountIds]}::uuid[])) m
        ON m.account_id = l.account_id
      WHERE l.account_id = ANY(${[...accountIds]}::uuid[])
      UNION
      SELECT library_id, account_id, family_id FROM members WHERE family_id = ANY(${[...familyIds]}::uuid[])`;
    return { libraries: rows };
  }

  #summaries(which: Prisma.Sql): Promise<FamilyRow[]> {
    return this.db.$queryRaw`
      SELECT f.id, f.created_at AS "createdAt",
        (SELECT count(*)::int FROM members m WHERE m.family_id = f.id) AS members,
        (SELECT count(*)::int FROM invites i
          WHERE i.family_id = f.id AND i.state = 'open' AND i.expires_at > now()) AS "openInvites"
      FROM families f ${which}`;
  }
}

const summaryOf = ({ id, ...rest }: FamilyRow): FamilySummary => ({ familyId: id, ...rest });

/** An open invite expires without anybody writing it down. */
function inState(state: InviteRow['state'] | undefined): Prisma.Sql {
  if (state === undefined) return Prisma.sql`true`;
  if (state === 'open') return Prisma.sql`(state = 'open' AND expires_at > now())`;
  if (state === 'expired') return Prisma.sql`(state = 'expired' OR (state = 'open' AND expires_at <= now()))`;
  return Prisma.sql`state = ${state}::invite_state`;
}
