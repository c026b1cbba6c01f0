import { rowOf } from '@heirloom/access';
import { Controller } from '@nestjs/common';
import {
  AppError,
  inviteMessages,
  inviteRoutes,
  limits,
  type AccountId,
  type InvitedRole,
  type InviteId,
  type MessageInput,
  type MessageOutput,
  type RouteInput,
  type RouteOutput,
} from '@heirloom/contracts';
import { OnMessage, OnRoute, throwUnlessCan, type RequestContext } from '@heirloom/service-kit';
import { Database } from '../database.ts';
import { eventOf, mustAgree, mustBeOf, onlyEvent, type ReadEntry } from '../log/entries.ts';
import { FamilyChanges } from '../log/family-changes.ts';
import { FamilyLog } from '../log/family-log.ts';
import { memberOf } from '../members/members.ts';
import { AddressLimit } from './address-limit.ts';
import { Invites, mustBeOpen } from './invites.ts';

@Controller()
export class InvitesController {
  constructor(
    private readonly db: Database,
    private readonly changes: FamilyChanges,
    private readonly familyLog: FamilyLog,
    private readonly invites: Invites,
    private readonly addresses: AddressLimit,
  ) {}

  @OnRoute(inviteRoutes.createInvite)
  async create(
    { body }: RouteInput<typeof inviteRoutes.createInvite>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof inviteRoutes.createInvite>> {
    const { accountId } = context.person;
    const { inviteId, accessHash, entries, sealedKeys } = body;
    const { checkpoint } = await this.changes.make(
      {
        accountId,
        entries,
        material: { accessHash, sealedKeys: sealedKeys.map(({ sealedKey }) => sealedKey) },
        check: (read) => mustBeNewInvite(read, inviteId),
        allow: (ability, { familyId }) => throwUnlessCan(ability, 'create', rowOf('Invite', { familyId })),
      },
      context,
    );
    return { checkpoint };
  }

  @OnRoute(inviteRoutes.invites)
  async list(
    _input: RouteInput<typeof inviteRoutes.invites>,
    { person }: RequestContext,
  ): Promise<RouteOutput<typeof inviteRoutes.invites>> {
    const { familyId } = await memberOf(this.db, person.accountId);
    const rows = await this.db.invite.findMany({ where: { familyId }, orderBy: { createdAt: 'asc' } });
    const now = Date.now();
    const invites = rows.map(({ id, role, createdBy, createdAt, expiresAt, state, usedBy }) => ({
      inviteId: id as InviteId,
      role: role as InvitedRole,
      createdBy: createdBy as AccountId,
      createdAt,
      expiresAt,
      state: state === 'open' && expiresAt.getTime() <= now ? ('expired' as const) : state,
      usedBy: usedBy as AccountId | null,
    }));
    return { invites };
  }

  @OnRoute(inviteRoutes.revokeInvite)
  async revoke(
    { params: { inviteId }, body }: RouteInput<typeof inviteRoutes.revokeInvite>,
    context: RequestContext,
  ): Promise<RouteOutput<typeof inviteRoutes.revokeInvite>> {
    const { accountId } = context.person;
    return this.changes.make(
      {
        accountId,
        entries: body.entries,
        check: (read) =>
          mustAgree(
            onlyEvent('invite-revoked', read).invite === inviteId,
            'An entry is about another invite.',
          ),
        allow: (ability, { familyId }) => throwUnlessCan(ability, 'delete', rowOf('Invite', { familyId })),
      },
      context,
    );
  }

  @OnRoute(inviteRoutes.openInvite)
  async open(
    { params: { inviteId }, body }: RouteInput<typeof inviteRoutes.openInvite>,
    { remoteAddress }: RequestContext,
  ): Promise<RouteOutput<typeof inviteRoutes.openInvite>> {
    this.addresses.count(remoteAddress);
    const invite = await this.invites.known(inviteId, body.accessCode);
    mustBeOpen(invite);
    const { familyId, role, expiresAt } = invite;
    const head = await this.familyLog.head(this.db, familyId);
    return {
      familyId,
      role,
      expiresAt,
      entries: await this.familyLog.page(this.db, familyId, head, body.from, limits.logEntriesPerPage),
      checkpoint: await this.familyLog.checkpoint(familyId, head),
      sealedKeys: await this.invites.sealedKeys(inviteId),
      ...(await this.invites.sealedNames(invite)),
    };
  }

  @OnMessage(inviteMessages.inviteOpen)
  async isOpen({
    inviteId,
    accessCode,
  }: MessageInput<typeof inviteMessages.inviteOpen>): Promise<
    MessageOutput<typeof inviteMessages.inviteOpen>
  > {
    try {
      mustBeOpen(await this.invites.known(inviteId, accessCode));
      return { open: true };
    } catch (error) {
      if (error instanceof AppError && (error.code === 'not-found' || error.code === 'invite-closed'))
        return { open: false };
      throw error;
    }
  }
}

function mustBeNewInvite([created, ...grants]: readonly ReadEntry[], inviteId: InviteId): void {
  mustAgree(eventOf('invite-created', created).invite === inviteId, 'An entry is about another invite.');
  mustBeOf(grants, 'granted-to-invite');
  const other = grants.some((grant) => eventOf('granted-to-invite', grant).invite !== inviteId);
  mustAgree(!other, 'A grant is for another invite.');
}
