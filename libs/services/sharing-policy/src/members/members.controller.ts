import { rowOf } from '@heirloom/access';
import { Controller } from '@nestjs/common';
import {
  accountMessages,
  AppError,
  memberRoutes,
  type AccountId,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { Bus, OnRoute, throwUnlessCan, type RequestContext } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import { mustAgree, onlyEvent } from '../log/entries.ts';
import { FamilyChanges } from '../log/family-changes.ts';
import { Standings } from '../standing/standings.ts';
import { Joining } from './joining.ts';
import { findMember, memberOf, sealedNameOf } from './members.ts';

@Controller()
export class MembersController {
  constructor(
    private readonly db: Database,
    private readonly changes: FamilyChanges,
    private readonly joining: Joining,
    private readonly standings: Standings,
    private readonly bus: Bus,
  ) {}

  @OnRoute(memberRoutes.join)
  join(
    { body }: RouteInput<typeof memberRoutes.join>,
    { person, requestId, remoteAddress }: RequestContext,
  ): Promise<RouteOutput<typeof memberRoutes.join>> {
    return this.joining.join(person.accountId, body, { requestId, remoteAddress });
  }

  @OnRoute(memberRoutes.members)
  async list(
    _input: RouteInput<typeof memberRoutes.members>,
    { person, requestId }: RequestContext,
  ): Promise<RouteOutput<typeof memberRoutes.members>> {
    const { familyId } = await memberOf(this.db, person.accountId);
    const rows = await this.db.member.findMany({ where: { familyId }, orderBy: { joinedAt: 'asc' } });
    const emails = await this.#emails(
      rows.map(({ accountId }) => accountId as AccountId),
      requestId,
    );
    const members = rows.map((row) => ({
      accountId: row.accountId as AccountId,
      role: row.role,
      joinedAt: row.joinedAt,
      name: sealedNameOf(row),
      email: emails.get(row.accountId) ?? null,
    }));
    return { members };
  }

  @OnRoute(memberRoutes.nameMember)
  async name(
    { params: { accountId }, body: { sealedName, epoch } }: RouteInput<typeof memberRoutes.nameMember>,
    { person }: RequestContext,
  ): Promise<void> {
    const { familyId } = (await findMember(this.db, accountId)) ?? {};
    const ability = await this.standings.abilityOf(person.accountId);
    throwUnlessCan(ability, 'update', rowOf('Member', { accountId, familyId }));
    const collection = await this.db.collection.findUniqueOrThrow({ where: { id: familyId! } });
    if (collection.epoch !== epoch || collection.rotationDue)
      throw new AppError('epoch-stale', { detail: "The family's key has changed. Refresh and try again." });
    await this.db.member.update({
      where: { accountId },
      data: { sealedName: new Uint8Array(sealedName), nameEpoch: epoch },
    });
  }

  @OnRoute(memberRoutes.changeRole)
  async changeRole(
    { params, body }: RouteInput<typeof memberRoutes.changeRole>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof memberRoutes.changeRole>> {
    const { accountId } = context.person;
    const { checkpoint } = await this.changes.make(
      {
        accountId,
        entries: body.entries,
        check: (entries) => mustBeAbout(onlyEvent('role-changed', entries), params),
        allow: (ability, { familyId }) => throwUnlessCan(ability, 'share', rowOf('Family', { familyId })),
      },
      context,
    );
    return { checkpoint };
  }

  @OnRoute(memberRoutes.removeMember)
  remove(
    { params, body }: RouteInput<typeof memberRoutes.removeMember>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof memberRoutes.removeMember>> {
    const { accountId } = context.person;
    return this.changes.make(
      {
        accountId,
        entries: body.entries,
        check: (entries) => mustBeAbout(onlyEvent('member-removed', entries), params),
        allow: (ability, { familyId }) =>
          throwUnlessCan(ability, 'delete', rowOf('Member', { familyId, accountId: params.accountId })),
      },
      context,
    );
  }

  /** Members know each other by their addresses. Without auth the list is still there. */
  async #emails(accountIds: AccountId[], requestId: string): Promise<Map<string, string>> {
    try {
      const { accounts } = await this.bus.ask(accountMessages.accountsOf, { accountIds }, { requestId });
      return new Map(accounts.map(({ accountId, email }) => [accountId, email]));
    } catch (error) {
      if (error instanceof AppError) return new Map();
      throw error;
    }
  }
}

const mustBeAbout = (event: { account: AccountId }, { accountId }: { accountId: AccountId }): void =>
  mustAgree(event.account === accountId, 'An entry is about somebody else.');
